import { Pool } from 'pg';
import { defineJob } from '#jobs';
import { ClosingStore, closeDay } from '#segments';

const HOUR_MS = 3_600_000;
/** Milliseconds after its end until a day is closed: most late events have arrived by then, as cheap rows. */
const REST_MS = 6 * HOUR_MS;
/** The next hour's run goes on with the rest, so that two runs do not take both places of the queue. */
const LONGEST_RUN_MS = 0.8 * HOUR_MS;

/** Moves the events of days that are over into segments, also those that arrived late. */
export const closedDays = defineJob({
  name: 'closed-days',
  schedule: '20 * * * *',
  inject: [Pool],
  async run({ clock, signal, progress }, pool) {
    const until = clock.now() + LONGEST_RUN_MS;
    const mayGoOn = () => !signal.aborted && clock.now() < until;
    const days = await new ClosingStore(pool).daysToClose(new Date(clock.now() - REST_MS));
    const counts = { days: 0, events: 0, segments: 0 };
    for (const day of days) {
      const closed = await closeDay(pool, day, mayGoOn);
      counts.events += closed.events;
      counts.segments += closed.segments;
      if (!mayGoOn()) break;
      counts.days++;
      await progress(counts.days, days.length);
    }
    signal.throwIfAborted();
    return counts;
  },
});
