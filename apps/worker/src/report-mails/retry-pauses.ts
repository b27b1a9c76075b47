const MINUTE_MS = 60_000;
const FIRST_MS = 5 * MINUTE_MS;
const LONGEST_MS = 240 * MINUTE_MS;
/** Milliseconds for which a mail is tried. Older reports are no news, and a server that comes back gets no flood of them. */
const TRIED_FOR_MS = 3 * 24 * 60 * MINUTE_MS;

/** Whether a mail that was planned at an instant is not tried any more. Instants are milliseconds since the epoch. Pure. */
export const isTooOld = (plannedAt: number, now: number): boolean => now >= plannedAt + TRIED_FOR_MS;

/**
 * When a mail is tried again: after 5 minutes, as long as greylists want, and then after pauses twice as long, up to 4 hours. Pure.
 * @param attempts so far, from 1
 * @returns milliseconds since the epoch; null: it is given up
 */
export function nextAttempt(attempts: number, plannedAt: number, now: number): number | null {
  const next = now + Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return isTooOld(plannedAt, next) ? null : next;
}
