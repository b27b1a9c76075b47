import { createHash } from 'node:crypto';
import type { Principal } from '#identity';
import type { PreparedQuery } from './prepare-query.js';

/**
 * The key under which an answer may be cached. Only answers from rollups over closed buckets: what happens now shows at
 * once, and an erasure, which leaves rollups as they are, shows at once as well. Late events show after the TTL.
 *
 * @param now milliseconds since the epoch
 * @returns null when the answer may not be cached
 */
export function cacheKey(
  { query, question }: PreparedQuery,
  principal: Principal,
  now: number,
): string | null {
  if (question.userIds !== undefined || question.bounds.at(-1)! > now) return null;
  const { organizationId, eventTypesRevision } = principal;
  // The question has the range in instants, the query what is not in the question, such as the fill.
  const text = JSON.stringify([organizationId, eventTypesRevision, question, query]);
  return createHash('sha256').update(text).digest('base64url');
}
