import { latestSlots, type Schedule } from './schedule.js';

/** A slot older than this was missed: every replica or the queue was down. */
const MISSED_AFTER_MS = 60_000;

export interface Due {
  readonly schedule: Schedule;
  /** Most missed slots to catch up; see `defineJob`. */
  readonly catchUp: number;
}

/**
 * Which slots to run now. Pure.
 * @param since instant up to which slots have been run or enqueued
 */
export function dueSlots({ schedule, catchUp }: Due, since: number, now: number): number[] {
  const slots = latestSlots(schedule, Math.max(catchUp, 1), since, now);
  return catchUp > 0 ? slots : slots.filter((slot) => now - slot < MISSED_AFTER_MS);
}
