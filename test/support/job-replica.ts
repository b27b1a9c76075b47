import { type ConnectionOptions, type Job, Queue, Worker } from 'bullmq';
import type pg from 'pg';
import { createPool } from '#database';
import { type Clock, type JobCounts, type JobDefinition, type Token, withIntervals } from '#jobs';
import { QUEUES } from '#queue';
import { JobRunner } from '../../apps/worker/src/schedule/job-runner.js';
import { JobsProcessor } from '../../apps/worker/src/schedule/jobs.processor.js';
import { Scheduler } from '../../apps/worker/src/schedule/scheduler.js';
import { Shutdown } from '../../apps/worker/src/shutdown/shutdown.js';
import { eventually } from './eventually.js';

/** Milliseconds; short, so that the job of a dead replica is redelivered soon. */
const LOCK_MS = 500;

export interface ReplicaOptions {
  readonly databaseUrl: string;
  /** Of the queue. */
  readonly connection: ConnectionOptions;
  readonly clock: Clock;
  readonly jobs: readonly JobDefinition[];
  /** Looks up what jobs inject; absent: nothing. */
  readonly provider?: (token: Token) => unknown;
  /** Called after the run of a job, before its acknowledgement; never resolves if the replica dies there. */
  readonly beforeAcknowledgement?: (job: Job) => Promise<void>;
}

/** The scheduling half of a worker process: scheduler, processor and their connections. */
export class JobReplica {
  readonly queue: Queue;
  readonly runner: JobRunner;
  readonly worker: Worker;
  private readonly pool: pg.Pool;
  private readonly scheduler: Scheduler;

  constructor({
    databaseUrl,
    connection,
    clock,
    jobs,
    provider = () => undefined,
    beforeAcknowledgement,
  }: ReplicaOptions) {
    this.pool = createPool({ databaseUrl, role: 'worker', size: 4 });
    this.queue = new Queue(QUEUES.jobs.name, { connection, defaultJobOptions: QUEUES.jobs.job });
    this.scheduler = new Scheduler(withIntervals(jobs, provider), this.queue, this.pool, clock);
    const shutdown = new Shutdown();
    this.runner = new JobRunner(jobs, this.pool, provider, clock, shutdown.signal);
    const processor = new JobsProcessor(this.runner, shutdown);
    const run = async (job: Job): Promise<JobCounts> => {
      const counts = await processor.process(job);
      await beforeAcknowledgement?.(job);
      return counts;
    };
    this.worker = new Worker(QUEUES.jobs.name, run, {
      ...QUEUES.jobs.worker,
      connection,
      autorun: true,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 2,
    });
    this.worker.on('error', () => {});
  }

  tick(): Promise<void> {
    return this.scheduler.tick();
  }

  /**
   * Resolves when each of these jobs has been acknowledged or has permanently failed, on any replica. Reads the queue
   * instead of the workers' events: a replica that is killed may acknowledge a job without emitting one.
   */
  async settled(state: 'completed' | 'failed', ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await eventually(`${id} has ${state}`, async () => {
        const job = await this.queue.getJob(id);
        return (await job?.getState()) === state;
      });
    }
  }

  /** Ends it without finishing or releasing anything, like a kill. */
  async kill(): Promise<void> {
    await this.worker.close(true);
    await this.queue.close();
  }

  async stop(): Promise<void> {
    await this.worker.close();
    await this.queue.close();
    await this.pool.end();
  }
}
