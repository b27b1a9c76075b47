import { Pool } from 'pg';
import { Environment } from '#config';
import type { Figures, Verdict } from '#health';
import { deadLetterRows } from '../reads/dead-letters.read-model.js';
import { HealthQueues } from '../reads/health-queues.js';
import { defineCheck } from './define-check.js';
import { numberIn, reached, verdictOf, when } from './judge.js';

/** Share of DEAD_LETTER_QUEUE_SIZE. At 1, workers take no more jobs. */
const FULL = { warn: 0.5, fail: 0.9 };

export interface DeadLetters {
  /** Events in the table. */
  readonly events: number;
  /** Jobs in the queue. */
  readonly jobs: number;
  /** Jobs that the queue may hold. */
  readonly max_jobs: number;
}

/** @param previous figures of the run before. Pure. */
export function judgeDeadLetters(now: DeadLetters, previous: Figures | null): Verdict {
  const growth = (name: 'events' | 'jobs') => now[name] - (numberIn(previous, name) ?? now[name]);
  const [events, jobs] = [growth('events'), growth('jobs')];
  const figures = { ...now, more_events: events, more_jobs: jobs };
  const fine = `There are ${now.events} dead letters in the table and ${now.jobs} in the queue, and no more than before.`;
  return verdictOf(fine, figures, [
    ...reached(
      now.jobs / now.max_jobs,
      FULL,
      `The queue dead-letters has ${now.jobs} of at most ${now.max_jobs} jobs; when it is full, workers take no more. ` +
        'See the reason in the log, and retry the jobs at /queues once it is mended.',
    ),
    ...when(
      jobs > 0,
      'warn',
      `${jobs} jobs have become dead letters since the check before: see the workers' log for the reason.`,
    ),
    ...when(
      events > 0,
      'warn',
      `${events} events have become dead letters since the check before: see dead_letters for the reason.`,
    ),
  ]);
}

/** Whether dead letters grow. */
export const deadLetters = defineCheck({
  name: 'dead-letters',
  inject: [Pool, HealthQueues, Environment],
  async run({ previous }, pool, queues, { DEAD_LETTER_QUEUE_SIZE }) {
    const [events, counts] = await Promise.all([
      deadLetterRows(pool),
      queues.get('deadLetters').getJobCounts(),
    ]);
    const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return judgeDeadLetters({ events, jobs, max_jobs: DEAD_LETTER_QUEUE_SIZE }, previous);
  },
});
