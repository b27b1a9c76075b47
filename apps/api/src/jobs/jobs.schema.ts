import type { JobAct, JobDetails, JobOverview, JobRun, RequestedRun } from '#job-administration';
import {
  count,
  described,
  flag,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
} from '../http/openapi/schema.js';

const countsSchema = { type: 'object', additionalProperties: { type: 'number' }, examples: [{ created: 1 }] };

const runFields = {
  slot: described(instant, 'When it was due, or asked for.'),
  requested: described(flag, 'Whether an operator asked for it.'),
  started_at: instant,
  duration_ms: { type: 'number' },
  counts: described(nullable(countsSchema), 'What it did; null when it failed.'),
  error: described(nullable(text), 'Why it failed; null when it did not.'),
};

const runSchema = record<JobRun>('JobRun', runFields);

const actSchema = record<JobAct>('JobAct', {
  at: instant,
  actor: text,
  origin: described(nullable(text), 'Network address of the caller.'),
  act: oneOf(['run', 'pause', 'resume']),
  slot: described(nullable(instant), 'The slot of a run.'),
});

const jobFields = {
  name: described(text, 'Such as `closed-days`.'),
  schedule: {
    ...text,
    examples: ['20 * * * *'],
    description: 'Cron expression (minute, hour, day, month, weekday), or an interval such as `every 300 s`.',
  },
  time_zone: { ...text, examples: ['UTC'] },
  catch_up: described(
    count,
    'How many slots that were missed are run once a worker is back, the latest ones.',
  ),
  paused: flag,
  last_run: described(nullable(runSchema), 'The last one that ended, well or not.'),
  next_run: described(nullable(instant), 'Null while the job is paused.'),
};

/** A scheduled job in API responses. */
export const jobSchema = record<JobOverview>('Job', jobFields);

/** The list of jobs. */
export const jobListSchema = record<{ data: unknown }>('Jobs', { data: listOf(jobSchema) });

/** A job with its history. */
export const jobDetailsSchema = record<JobDetails>('JobDetails', {
  ...jobFields,
  runs: described(listOf(runSchema), 'The last 50, newest first.'),
  acts: described(listOf(actSchema), 'What operators did, the last 50, newest first.'),
});

const requested = { name: text, slot: instant };

/** A run that waits for a worker. */
export const queuedRunSchema = record<Extract<RequestedRun, { status: 'queued' }>>('QueuedRun', {
  ...requested,
  status: oneOf(['queued']),
});

/** A slot that has been run before. */
export const completedRunSchema = record<Extract<RequestedRun, { status: 'completed' }>>('CompletedRun', {
  ...requested,
  ...runFields,
  status: oneOf(['completed']),
});
