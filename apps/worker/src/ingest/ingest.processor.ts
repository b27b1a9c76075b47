import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { EncodedBatch } from '#batch';
import { Environment } from '#config';
import { Interrupted, pause } from '#database';
import { type DeadLetterJob, type IngestJob, parseBatchJob, QUEUES } from '#queue';
import { WorkerMetrics } from '../metrics/worker-metrics.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { DeadLetterRoom } from './dead-letter-room.js';
import { GroupCommit } from './group-commit.js';

/** Milliseconds that jobs under way have to finish once the process is told to end. */
const GRACE_MS = 4000;

/** Takes jobs off the ingest queue: commits each, or keeps it as a dead letter when it cannot be. */
@Processor(QUEUES.ingest.name, QUEUES.ingest.worker)
export class IngestProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IngestProcessor.name);

  private interrupt!: () => void;
  private readonly interrupted = new Promise<void>((resolve) => {
    this.interrupt = resolve;
  });

  constructor(
    private readonly commits: GroupCommit,
    @InjectQueue(QUEUES.deadLetters.name) private readonly deadLetters: Queue<DeadLetterJob>,
    private readonly room: DeadLetterRoom,
    private readonly shutdown: Shutdown,
    private readonly metrics: WorkerMetrics,
    @Inject(Environment) private readonly environment: Environment,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.environment.WORKER_CONCURRENCY;
    void this.worker.run();
  }

  /**
   * Finishes what is being committed. A job that only waits for the database is not waited for: forced, the
   * worker leaves it to the queue, which hands it out again.
   */
  async beforeApplicationShutdown(): Promise<void> {
    const idle = await Promise.race([
      this.worker.pause().then(() => true),
      this.interrupted.then(() => false),
      pause(GRACE_MS, new AbortController().signal).then(() => false),
    ]);
    await this.worker.close(!idle);
  }

  async process(job: Job<string>): Promise<void> {
    let taken: IngestJob | undefined;
    try {
      taken = take(job);
      await this.commits.submit(taken.batches);
      this.metrics.jobDone();
      for (const { columns } of taken.batches) columns.release();
    } catch (error) {
      if (error instanceof Interrupted) return this.leaveToOthers();
      const attempts = job.opts.attempts ?? 1;
      this.logger.error(
        `job ${job.id}, attempt ${job.attemptsMade + 1} of ${attempts}: ${(error as Error).stack ?? error}`,
      );
      if (job.attemptsMade + 1 < attempts) throw error;
      if (!taken) return this.keep(job, { text: job.data }, error as Error);
      const batches = await this.commitAlone(taken);
      if (batches === null) return this.leaveToOthers();
      if (batches.length > 0) await this.keep(job, { ...taken, batches }, error as Error);
    }
  }

  /**
   * What fails of one sender must not cost others theirs, whose batches share the job.
   * @returns the batches that fail; null when the process ends before it is known
   */
  private async commitAlone({ batches }: IngestJob): Promise<EncodedBatch[] | null> {
    if (batches.length === 1) return [...batches];
    const results = await Promise.allSettled(batches.map((batch) => this.commits.submit([batch])));
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason : undefined));
    if (reasons.some((reason) => reason instanceof Interrupted)) return null;
    return batches.filter((_, b) => reasons[b] !== undefined);
  }

  /** Once the batch stands in the dead-letter queue the job may end: a crash in between only repeats this. */
  private async keep(job: Job, content: Partial<DeadLetterJob>, error: Error): Promise<void> {
    if (!(await this.room.wait(this.worker, this.shutdown.signal))) return this.leaveToOthers();
    const data = { ...content, reason: error.message, failedAt: Date.now() };
    await this.deadLetters.add(QUEUES.deadLetters.name, data, { jobId: job.id as string });
    this.metrics.jobDeadLettered();
    this.logger.error(`job ${job.id} moved to ${QUEUES.deadLetters.name}: ${error.message}`);
  }

  /** Neither done nor failed: the job stays active, and is taken for stalled once this process is gone. */
  private leaveToOthers(): Promise<never> {
    this.interrupt();
    return new Promise(() => {});
  }
}

/**
 * Reads a job's data and lets go of its text, which is as large again and would grow old with the job.
 * @throws SyntaxError
 */
function take(job: Job<string>): IngestJob {
  const data = parseBatchJob(job.data);
  job.data = '';
  return data;
}
