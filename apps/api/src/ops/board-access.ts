import type { Permissions } from '#identity';

/** What the board may be asked for, by the end of its own routes. */
const HARMLESS = /\/(retry|retry\/:queueStatus|promote)$/;
const HALTING = /\/(pause|resume)$/;
/** Version, memory and clients of Redis or PostgreSQL. */
const OF_THE_SERVER = /\/redis\/stats$/;

/**
 * Who may do what on Bull Board. The queues hold the jobs of all organizations, so that what an organization's
 * administrator may do must harm none: having a failed job tried again, which counts nothing twice. Halting a
 * queue is for the operator. Adding a job, changing one or throwing one away is for nobody: it would make, change
 * or lose events past validation and ledger.
 *
 * @param route pattern of the route, e.g. `/queues/api/queues/:queueName/pause`
 */
export function canUseBoard(permissions: Permissions, method: string, route: string): boolean {
  const isOperator = permissions.has('operate');
  if (!isOperator && !permissions.has('administer')) return false;
  if (method === 'GET' || method === 'HEAD') return isOperator || !OF_THE_SERVER.test(route);
  if (method !== 'PUT') return false;
  return HARMLESS.test(route) || (isOperator && HALTING.test(route));
}
