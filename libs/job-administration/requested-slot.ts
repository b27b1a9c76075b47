import { nextSlot, type Schedule } from '#jobs';

/** The slot of a run, or why it cannot be run. */
export type RequestedSlot = { readonly slot: number } | { readonly fault: string };

/**
 * The slot that an operator asks for: one of the schedule that is over, or the current second when none is named. Pure.
 * @param wanted milliseconds since the epoch
 */
export function requestedSlot(schedule: Schedule, wanted: number | undefined, now: number): RequestedSlot {
  if (wanted === undefined) return { slot: Math.floor(now / 1000) * 1000 };
  if (wanted > now) return { fault: 'must not be in the future' };
  const next = nextSlot(schedule, wanted - 1);
  if (next === wanted) return { slot: wanted };
  return {
    fault: `must be a slot of the schedule; the next one after it is ${new Date(next).toISOString()}`,
  };
}
