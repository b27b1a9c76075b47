import { latestSlots, type Schedule } from '#jobs';

/** Milliseconds within which a slot is usually done. The scheduler looks every second; most jobs take less than ten. */
const GRACE_MS = 120_000;

/**
 * The latest slot that should be done by now and is not; undefined when there is none. Pure.
 * @param since the last slot that was done, or when the job was first seen; milliseconds since the epoch, as all here
 */
export const dueSlot = (schedule: Schedule, since: number, now: number): number | undefined =>
  latestSlots(schedule, 1, since, now - GRACE_MS)[0];
