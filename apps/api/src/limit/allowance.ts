import type { OrganizationSettings } from '#identity';

/** What requests are counted as, apart from each other. */
export type RequestKind = 'single' | 'batch' | 'read';

/** The contract: so many requests with many events for each that may be made with one. */
const BATCHES_PER_SINGLE = 10;
/** The count goes on over the limit, by a lot for each replica, and is a 32-bit integer in PostgreSQL. */
const MOST = 1_000_000_000;

/**
 * Requests of a kind that an organization may make in a window; 0: as many as it likes.
 * @param base what `RATE_LIMIT_MAX_REQUESTS` says, for an organization that has no settings of its own
 */
export function allowanceOf(kind: RequestKind, settings: OrganizationSettings, base: number): number {
  const { single = base, batch = single * BATCHES_PER_SINGLE, read = base } = settings.rate_limits ?? {};
  return Math.min({ single, batch, read }[kind], MOST);
}
