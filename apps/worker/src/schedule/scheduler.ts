import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import {
  type Clock,
  dueSlots,
  enqueueMissedSlot,
  enqueueSlot,
  nextSlot,
  type Schedule,
  type ScheduledJob,
} from '#jobs';
import { RegisteredJobsStore } from './registered-jobs.store.js';
import { RequestedRunsStore } from './requested-runs.store.js';

interface Scheduled {
  readonly job: ScheduledJob & { readonly schedule: Schedule };
  /** Instant up to which its slots have been run or enqueued. */
  since: number;
  /** When to check for due slots again. */
  next: number;
  /** False until this process has enqueued what was missed before it started. */
  isCaughtUp: boolean;
}

/**
 * Enqueues the slots of jobs when they are due, and the runs that operators ask for. Every replica does so, and the queue
 * keeps one job per slot. The first tick of a process also catches up on slots missed while all replicas were down; a job
 * that was paused catches up when it is resumed.
 */
export class Scheduler {
  private scheduled: readonly Scheduled[] | undefined;
  private readonly registered: RegisteredJobsStore;
  private readonly requested: RequestedRunsStore;

  constructor(
    private readonly jobs: readonly ScheduledJob[],
    private readonly queue: Queue,
    pool: Pool,
    private readonly clock: Clock,
  ) {
    this.registered = new RegisteredJobsStore(pool);
    this.requested = new RequestedRunsStore(pool);
  }

  /**
   * Enqueues the slots that are due now, and what was asked for.
   * @throws AggregateError of the jobs whose slots could not be enqueued; the next tick retries
   */
  async tick(): Promise<void> {
    this.scheduled ??= await this.sinceLastRuns();
    const now = this.clock.now();
    const due = this.scheduled.filter(({ next }) => next <= now);
    const paused = due.length > 0 ? await this.registered.paused() : new Set<string>();
    const outcomes = await Promise.allSettled([
      this.enqueueRequested(this.scheduled),
      ...due.filter(({ job }) => !paused.has(job.name)).map((scheduled) => this.enqueue(scheduled, now)),
    ]);
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  }

  private async enqueue(scheduled: Scheduled, now: number): Promise<void> {
    const { job, since } = scheduled;
    const enqueue = scheduled.isCaughtUp ? enqueueSlot : enqueueMissedSlot;
    for (const slot of dueSlots(job, since, now)) await enqueue(this.queue, job, slot);
    scheduled.isCaughtUp = true;
    scheduled.since = now;
    scheduled.next = nextSlot(job.schedule, now);
  }

  private async enqueueRequested(scheduled: readonly Scheduled[]): Promise<void> {
    const jobs = new Map(scheduled.map(({ job }) => [job.name, job]));
    for (const run of await this.requested.waiting([...jobs.keys()])) {
      await enqueueMissedSlot(this.queue, jobs.get(run.job)!, run.slot, true);
      await this.requested.enqueued(run);
    }
  }

  /** A job that is new begins with its next slot. */
  private async sinceLastRuns(): Promise<Scheduled[]> {
    const now = this.clock.now();
    const jobs = this.jobs.filter(isScheduled);
    await this.registered.register(jobs, now);
    const last = await this.registered.lastSlots(jobs.map(({ name }) => name));
    return jobs.map((job) => ({ job, since: last.get(job.name) ?? now, next: now, isCaughtUp: false }));
  }
}

const isScheduled = (job: ScheduledJob): job is Scheduled['job'] => job.schedule !== null;
