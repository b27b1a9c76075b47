import type { OrganizationSettings } from '#identity';

/** Kinds of requests with separate limits. */
export type RequestKind = 'single' | 'batch' | 'read';

/** By contract, the batch limit is ten times the single-event limit. */
const BATCHES_PER_SINGLE = 10;
/** The shared counter runs past the limit by one lot per replica and is a 32-bit integer in PostgreSQL. */
const MAX_LIMIT = 1_000_000_000;

/**
 * An organization's limit for a kind of request per window; 0: unlimited.
 * @param base `RATE_LIMIT_MAX_REQUESTS`, for organizations without their own setting
 */
export function allowanceOf(kind: RequestKind, settings: OrganizationSettings, base: number): number {
  const { single = base, batch = single * BATCHES_PER_SINGLE, read = base } = settings.rate_limits ?? {};
  return Math.min({ single, batch, read }[kind], MAX_LIMIT);
}
