import { Environment } from '#config';
import { defineJob, every } from '#jobs';
import { HEALTH_JOB } from '../health/checks/jobs.check.js';
import { HealthChecker } from '../health/health-checker.js';

/** Checks the health of the installation, on one worker at a time. What it found is at `GET /v1/admin/health`. */
export const health = defineJob({
  name: HEALTH_JOB,
  schedule: every(Environment, ({ HEALTH_CHECK_INTERVAL }) => HEALTH_CHECK_INTERVAL),
  // Health of the past cannot be checked.
  catchUp: 0,
  options: { attempts: 1 },
  inject: [HealthChecker],
  run: (context, checker) => checker.check(context),
});
