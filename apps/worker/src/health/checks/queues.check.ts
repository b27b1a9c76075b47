import { duration, type Figures, type Verdict } from '#health';
import { QUEUES } from '#queue';
import { HealthQueues } from '../reads/health-queues.js';
import { type QueueFigures, queueFigures } from '../reads/queue-figures.js';
import { defineCheck } from './define-check.js';
import { type Finding, figuresIn, type Limits, numberIn, reached, verdictOf, when } from './judge.js';

/** Seconds that the oldest job of a queue may wait. */
const WAIT: Readonly<Record<string, Limits>> = {
  /** Events are visible within a second. Jobs of a worker that died come again after 15 to 25 s. */
  [QUEUES.ingest.name]: { warn: 30, fail: 120 },
  /** Closing days may take 48 minutes, and one other job runs beside it. */
  [QUEUES.jobs.name]: { warn: 600, fail: 3600 },
  /** Exports are written one at a time per worker, and a large one takes minutes. */
  [QUEUES.exports.name]: { warn: 1800, fail: 7200 },
};
/** Queues not named above. */
const USUAL_WAIT: Limits = { warn: 600, fail: 3600 };
/** The same job is next for so many seconds: no worker takes any. Longer than a worker takes to start. */
const STUCK_SECONDS = 60;

/**
 * @param queues what each queue holds, by its name
 * @param previous figures of the run before. Pure.
 */
export function judgeQueues(
  queues: Readonly<Record<string, QueueFigures>>,
  previous: Figures | null,
): Verdict {
  const findings = Object.entries(queues).flatMap(([name, figures]) =>
    findingsOf(name, figures, figuresIn(previous, name)),
  );
  const waiting = Object.values(queues).reduce((sum, queue) => sum + queue.waiting, 0);
  return verdictOf(
    `Workers take the jobs of all queues; ${waiting} wait.`,
    { ...queues } as unknown as Figures,
    findings,
  );
}

function findingsOf(name: string, figures: QueueFigures, before: Figures | null): Finding[] {
  const { waiting, failed, paused, oldest_id } = figures;
  const age = figures.oldest_seconds ?? 0;
  const isStuck = oldest_id !== null && oldest_id === before?.oldest_id && age >= STUCK_SECONDS;
  const failedMore = failed - (numberIn(before, 'failed') ?? failed);
  const stuck = `No job of the queue ${name} was taken since the check before, and ${waiting} wait: see whether workers run.`;
  const late =
    `The oldest of ${waiting} jobs in the queue ${name} has waited for ${duration(age)}: start more workers, or see what ` +
    'keeps them busy.';
  return [
    ...when(paused, 'fail', `The queue ${name} is paused: resume it at /queues.`),
    ...when(isStuck && !paused, 'fail', stuck),
    ...(isStuck ? [] : reached(age, WAIT[name] ?? USUAL_WAIT, late)),
    ...when(
      failedMore > 0,
      'warn',
      `${failedMore} jobs of the queue ${name} have failed since the check before: see /queues and the workers' log.`,
    ),
  ];
}

/** Whether workers take the jobs of every queue. */
export const queues = defineCheck({
  name: 'queues',
  inject: [HealthQueues],
  async run({ clock, previous }, all) {
    const now = clock.now();
    const figures = await Promise.all(
      all.consumed().map(async (queue) => [queue.name, await queueFigures(queue, now)] as const),
    );
    return judgeQueues(Object.fromEntries(figures), previous);
  },
});
