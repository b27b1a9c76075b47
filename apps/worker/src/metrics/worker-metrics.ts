import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Events of one transaction by outcome; `others` are among the stored ones, counted under `__other__`. */
export interface CommitCounts {
  readonly stored: number;
  readonly duplicate: number;
  readonly deadLettered: number;
  readonly others: number;
}

/** Metrics of a worker for Prometheus, and when it last finished a job. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();
  /** Milliseconds since the epoch. */
  lastJobAt = Date.now();

  /** Events committed since the start, and milliseconds from receipt to commit of all of them together. */
  readonly latency = { events: 0, ms: 0 };

  private readonly events = new Counter({
    name: 'millrace_events_total',
    help: 'Events consumed from the queue by outcome',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  private readonly others = new Counter({
    name: 'millrace_other_events_total',
    help: 'Events under __other__, because their organization has too many series of the type that day',
    registers: [this.registry],
  });
  private readonly jobs = new Counter({
    name: 'millrace_jobs_total',
    help: 'Finished jobs by outcome',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  private readonly commit = new Histogram({
    name: 'millrace_commit_seconds',
    help: 'Duration of the transaction that stores and counts a group of batches',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  committed(counts: CommitCounts, seconds: number): void {
    this.events.inc({ outcome: 'stored' }, counts.stored);
    this.events.inc({ outcome: 'duplicate' }, counts.duplicate);
    this.events.inc({ outcome: 'dead_lettered' }, counts.deadLettered);
    this.others.inc(counts.others);
    this.commit.observe(seconds);
  }

  /**
   * Counts how long the events of batches were on their way. A batch that the queue delivers again counts again.
   * @param committedAt milliseconds since the epoch
   */
  arrived(
    batches: readonly { readonly count: number; readonly receivedAt: number }[],
    committedAt: number,
  ): void {
    for (const { count, receivedAt } of batches) {
      this.latency.events += count;
      // The clock of the API may be ahead.
      this.latency.ms += count * Math.max(0, committedAt - receivedAt);
    }
  }

  jobDone(): void {
    this.lastJobAt = Date.now();
    this.jobs.inc({ outcome: 'done' });
  }

  jobDeadLettered(): void {
    this.lastJobAt = Date.now();
    this.jobs.inc({ outcome: 'dead_lettered' });
  }
}
