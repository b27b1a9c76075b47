import { Pool } from 'pg';
import type { Figures, Verdict } from '#health';
import { type Schedule, type ScheduledJob, slotJobId } from '#jobs';
import { HealthQueues } from '../reads/health-queues.js';
import { lastSlots, pausedJobs } from '../reads/job-runs.read-model.js';
import { ScheduledJobs } from '../reads/scheduled-jobs.js';
import { defineCheck } from './define-check.js';
import { dueSlot } from './due-slot.js';
import { type Finding, figuresIn, verdictOf } from './judge.js';

/** The job that runs the checks. It is running now; `healthReport` says when it has not for long. */
export const HEALTH_JOB = 'health';

/** How a job stands. Instants in milliseconds since the epoch. */
export interface JobState {
  readonly name: string;
  /** False: slots that were missed while no worker ran are left out. */
  readonly catchesUp: boolean;
  /** The last slot that is done; null: none yet. */
  readonly last: number | null;
  /** When a check first saw the job. */
  readonly knownSince: number;
  /** Its slots are not run until an operator resumes it. */
  readonly isPaused: boolean;
  /** The latest slot that should be done and is not. */
  readonly due?: number | undefined;
  /** Where the due slot's job is in the queue, as BullMQ says; `unknown`: nowhere. */
  readonly state?: string;
}

/** Pure. */
export function judgeJobs(jobs: readonly JobState[]): Verdict {
  const figures = Object.fromEntries(
    jobs.map(({ name, last, due, state, knownSince }) => [
      name,
      {
        last_slot: isoOf(last),
        ...(due === undefined ? {} : { due_slot: isoOf(due), state: state ?? 'unknown' }),
        known_since: isoOf(knownSince),
      },
    ]),
  );
  return verdictOf('Every scheduled job has run its latest slot.', figures, jobs.flatMap(findingsOf));
}

/** What it means when a due slot's job is in this state, and otherwise nowhere. */
const STATES: Readonly<Record<string, Finding>> = {
  waiting: {
    status: 'warn',
    says: 'it waits for a place in the queue jobs. Start more workers if that goes on.',
  },
  delayed: { status: 'warn', says: "it failed and will be tried again. See the workers' log." },
  failed: {
    status: 'fail',
    says: "it failed. See the workers' log, and retry it in the queue jobs at /queues.",
  },
};

function findingsOf({ name, due, state = 'unknown', catchesUp, isPaused }: JobState): Finding[] {
  if (isPaused) {
    const says = `The job ${name} is paused. To resume it: npm run millrace -- jobs resume ${name}`;
    return [{ status: 'warn', says }];
  }
  // A run that takes long is well.
  if (due === undefined || state === 'active') return [];
  const missed = {
    status: catchesUp ? 'fail' : 'warn',
    says: 'it was missed. See whether workers ran then.',
  };
  const { status, says } = STATES[state] ?? (missed as Finding);
  return [{ status, says: `The job ${name} has not done its slot of ${isoOf(due)}: ${says}` }];
}

const isoOf = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

/** Whether every scheduled job has done its latest slot. */
export const jobs = defineCheck({
  name: 'jobs',
  inject: [Pool, HealthQueues, ScheduledJobs],
  async run({ clock, previous }, pool, queues, { list }) {
    const now = clock.now();
    const scheduled = list.filter(isScheduled).filter(({ name }) => name !== HEALTH_JOB);
    const done = await lastSlots(
      pool,
      scheduled.map(({ name }) => name),
    );
    const paused = await pausedJobs(pool);
    const states = scheduled.map(async ({ name, schedule, catchUp }): Promise<JobState> => {
      const knownSince = seenSince(figuresIn(previous, name)) ?? now;
      const last = done.get(name) ?? null;
      const due = dueSlot(schedule, last ?? knownSince, now);
      const common = { name, last, knownSince, catchesUp: catchUp > 0, isPaused: paused.has(name), due };
      return due === undefined ? common : { ...common, state: await stateOf(queues, name, due) };
    });
    return judgeJobs(await Promise.all(states));
  },
});

function seenSince(before: Figures | null): number | null {
  const since = before?.known_since;
  return typeof since === 'string' ? Date.parse(since) : null;
}

const stateOf = (queues: HealthQueues, name: string, slot: number): Promise<string> =>
  queues.get('jobs').getJobState(slotJobId(name, slot));

const isScheduled = (job: ScheduledJob): job is ScheduledJob & { readonly schedule: Schedule } =>
  job.schedule !== null;
