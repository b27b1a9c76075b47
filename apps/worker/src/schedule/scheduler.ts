import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import {
  type Clock,
  dueSlots,
  enqueueMissedSlot,
  enqueueSlot,
  type JobDefinition,
  nextSlot,
  type Schedule,
} from '#jobs';
import { JobRunsStore } from './job-runs.store.js';

interface Scheduled {
  readonly job: JobDefinition & { readonly schedule: Schedule };
  /** Instant up to which its slots have been run or enqueued. */
  since: number;
  /** When to check for due slots again. */
  next: number;
  /** False until this process has enqueued what was missed before it started. */
  isCaughtUp: boolean;
}

/**
 * Enqueues the slots of jobs when they are due. Every replica does so, and the queue keeps one job per slot.
 * The first tick of a process also catches up on slots missed while all replicas were down.
 */
export class Scheduler {
  private scheduled: readonly Scheduled[] | undefined;

  constructor(
    private readonly jobs: readonly JobDefinition[],
    private readonly queue: Queue,
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /**
   * Enqueues the slots that are due now.
   * @throws AggregateError of the jobs whose slots could not be enqueued; the next tick retries
   */
  async tick(): Promise<void> {
    this.scheduled ??= await this.sinceLastRuns();
    const now = this.clock.now();
    const outcomes = await Promise.allSettled(
      this.scheduled.filter(({ next }) => next <= now).map((scheduled) => this.enqueue(scheduled, now)),
    );
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

  /** A job that has never been run begins with its next slot. */
  private async sinceLastRuns(): Promise<Scheduled[]> {
    const now = this.clock.now();
    const last = await new JobRunsStore(this.pool).lastSlots(this.jobs.map(({ name }) => name));
    return this.jobs.filter(isScheduled).map((job) => {
      const since = last.get(job.name) ?? now;
      return { job, since, next: now, isCaughtUp: false };
    });
  }
}

const isScheduled = (job: JobDefinition): job is Scheduled['job'] => job.schedule !== null;
