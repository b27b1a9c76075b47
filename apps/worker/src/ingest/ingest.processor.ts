import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { EncodedBatch } from '#batch';
import { Environment } from '#config';
import { Interrupted } from '#database';
import { type DeadLetterJob, type IngestJob, QUEUES, readJob } from '#queue';
import { WorkerMetrics } from '../metrics/worker-metrics.js';
import { GracefulClose } from '../shutdown/graceful-close.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { DeadLetterCapacity } from './dead-letter-capacity.js';
import { GroupCommit } from './group-commit.js';

/** Milliseconds that active jobs have to finish at shutdown. */
const GRACE_MS = 4000;

/** Processes the ingest queue: stores the batches of each job, or moves those that cannot be stored to the dead letters. */
@Processor(QUEUES.ingest.name, QUEUES.ingest.worker)
export class IngestProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IngestProcessor.name);
  private readonly closing = new GracefulClose();

  constructor(
    private readonly commits: GroupCommit,
    @InjectQueue(QUEUES.deadLetters.name) private readonly deadLetters: Queue<DeadLetterJob>,
    private readonly room: DeadLetterCapacity,
    private readonly shutdown: Shutdown,
    private readonly metrics: WorkerMetrics,
    @Inject(Environment) private readonly environment: Environment,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.environment.WORKER_CONCURRENCY;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.closing.close(this.worker, GRACE_MS);
  }

  async process(job: Job<string>): Promise<void> {
    let content: IngestJob | undefined;
    try {
      content = readJob(job, QUEUES.ingest.codec);
      await this.commits.submit(content.batches);
      this.metrics.jobDone();
      for (const { columns } of content.batches) columns.release();
    } catch (error) {
      if (error instanceof Interrupted) return this.closing.leaveToOthers();
      const attempts = job.opts.attempts ?? 1;
      this.logger.error(
        `job ${job.id}, attempt ${job.attemptsMade + 1} of ${attempts}: ${(error as Error).stack ?? error}`,
      );
      if (job.attemptsMade + 1 < attempts) throw error;
      if (!content) return this.keep(job, { text: job.data, batches: [] }, error as Error);
      const batches = await this.commitAlone(content);
      if (batches === null) return this.closing.leaveToOthers();
      if (batches.length > 0) await this.keep(job, { batches }, error as Error);
    }
  }

  /**
   * Commits the batches of a failing job one by one, so that one failing batch does not affect the others.
   * @returns the batches that fail; null when the process ends before that is known
   */
  private async commitAlone({ batches }: IngestJob): Promise<EncodedBatch[] | null> {
    if (batches.length === 1) return [...batches];
    const results = await Promise.allSettled(batches.map((batch) => this.commits.submit([batch])));
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason : undefined));
    if (reasons.some((reason) => reason instanceof Interrupted)) return null;
    return batches.filter((_, b) => reasons[b] !== undefined);
  }

  /** Adds the dead letter before the job ends: a crash in between only repeats this. */
  private async keep(
    job: Job,
    content: Pick<DeadLetterJob, 'batches' | 'text'>,
    error: Error,
  ): Promise<void> {
    if (!(await this.room.wait(this.worker, this.shutdown.signal))) return this.closing.leaveToOthers();
    const data = { ...content, reason: error.message, failedAt: Date.now() };
    await this.deadLetters.add(QUEUES.deadLetters.name, data, { jobId: job.id as string });
    this.metrics.jobDeadLettered();
    this.logger.error(`job ${job.id} moved to ${QUEUES.deadLetters.name}: ${error.message}`);
  }
}
