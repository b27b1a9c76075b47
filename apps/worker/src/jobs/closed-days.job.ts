import { Pool } from 'pg';
import { defineJob } from '#jobs';
import { ClosingStore, closeDay } from '#segments';

/** Milliseconds after its end until a day is closed: most late events have arrived by then, as cheap rows. */
const REST_MS = 6 * 3_600_000;

/**
 * Moves the events of days that are over into segments, also those that arrived late. A kill leaves the rest to the next
 * run.
 */
export const closedDays = defineJob({
  name: 'closed-days',
  schedule: '20 * * * *',
  inject: [Pool],
  async run({ clock, signal, progress }, pool) {
    const days = await new ClosingStore(pool).daysWithRows(new Date(clock.now() - REST_MS));
    const counts = { days: 0, events: 0, segments: 0 };
    for (const day of days) {
      signal.throwIfAborted();
      const closed = await closeDay(pool, day, signal);
      counts.days++;
      counts.events += closed.events;
      counts.segments += closed.segments;
      await progress(counts.days, days.length);
    }
    return counts;
  },
});
