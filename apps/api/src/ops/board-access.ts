import type { Permissions } from '#identity';

/** Bull Board's own routes, by their ends. */
const RETRY = /\/(retry|retry\/:queueStatus|promote)$/;
const HALT = /\/(pause|resume)$/;
/** Version, memory and clients of Redis or PostgreSQL, and what jobs log about all organizations. */
const OPERATORS_ONLY = /\/(redis\/stats|logs)$/;

/**
 * Access to Bull Board. Its queues contain the jobs of all organizations, so an organization's admin may only do what
 * harms no other: retry a failed job, which counts nothing twice. Only the operator pauses a queue. Nobody adds,
 * changes or deletes a job: that would bypass validation and the ledger.
 * @param route pattern of the route, e.g. `/queues/api/queues/:queueName/pause`
 */
export function canUseBoard(permissions: Permissions, method: string, route: string): boolean {
  const isOperator = permissions.has('operate');
  if (!isOperator && !permissions.has('administer')) return false;
  if (method === 'GET' || method === 'HEAD') return isOperator || !OPERATORS_ONLY.test(route);
  if (method !== 'PUT') return false;
  return RETRY.test(route) || (isOperator && HALT.test(route));
}
