import type { ScheduledJob } from '#jobs';

/** The jobs that this worker schedules. */
export class ScheduledJobs {
  constructor(readonly list: readonly ScheduledJob[]) {}
}
