import type { Verdict } from '#health';
import { Canary, type CanaryFlight } from '../canary/canary.js';
import { defineCheck } from './define-check.js';
import { type Finding, reached, verdictOf } from './judge.js';

/** Milliseconds that a canary may take. Usually it takes less than 100. */
const LONGEST_MS = 30_000;
/** Milliseconds for everything else: the last look, and taking the canary back. */
const REST_MS = 10_000;
/** Milliseconds until it is counted. At the first limit, people notice; the second is never reached. */
const LIMITS = { warn: 5_000, fail: LONGEST_MS };

/** Pure. */
export function judgeCanary(flight: CanaryFlight, withinMs = LONGEST_MS): Verdict {
  const { counted_ms } = flight;
  const fine = `An event is enqueued, stored and visible in aggregates within ${counted_ms} ms.`;
  const slow = `An event took ${counted_ms} ms until it was visible in aggregates: see the checks queues and database.`;
  const findings: Finding[] =
    counted_ms === null
      ? [{ status: 'fail', says: stepOf(flight, withinMs / 1000) }]
      : reached(counted_ms, LIMITS, slow);
  return verdictOf(fine, { ...flight }, findings);
}

function stepOf({ enqueued_ms, stored_ms, refused, job }: CanaryFlight, seconds: number): string {
  if (enqueued_ms === null)
    return `The queue has not taken an event within ${seconds} s: see whether it runs and can write to its disk.`;
  if (refused)
    return "PostgreSQL refused an event, or it was taken for a duplicate: see dead_letters and the workers' log.";
  if (stored_ms !== null)
    return `An event is stored but not counted after ${seconds} s: run \`npm run verify\` to see what else is not.`;
  const where: Readonly<Record<string, string>> = {
    waiting: 'it waits in the queue ingest. See whether workers run and take jobs.',
    active: 'a worker holds it. See whether that worker can reach PostgreSQL.',
    delayed: "storing it failed, and will be tried again. See the workers' log.",
    failed: "storing it failed. See the workers' log.",
  };
  const gone =
    'its job is no longer in the queue ingest. See whether the queue was emptied, and the queue dead-letters.';
  return `An event is enqueued but not stored after ${seconds} s: ${where[job ?? ''] ?? gone}`;
}

/** Whether an event gets through the whole pipeline, and how fast. */
export const canary = canaryCheck(LONGEST_MS);

/** The check with another limit, for tests. */
export function canaryCheck(withinMs: number) {
  return defineCheck({
    name: 'canary',
    timeoutMs: withinMs + REST_MS,
    inject: [Canary],
    run: async ({ signal }, flying) => judgeCanary(await flying.fly(withinMs, signal), withinMs),
  });
}
