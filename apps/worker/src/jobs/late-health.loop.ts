import { defineLoop } from '#jobs';
import { HealthChecker } from '../health/health-checker.js';

/** Checks health where the job `health` does not: while its queue is away, and when jobs take all of its places. */
export const lateHealth = defineLoop({
  name: 'late-health',
  everyMs: 5000,
  // The next worker, or the next start, checks again.
  graceMs: 0,
  inject: [HealthChecker],
  run: (context, checker) => checker.checkIfLate(context),
});
