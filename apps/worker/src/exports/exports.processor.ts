import { Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Interrupted, retryTransient } from '#database';
import { type ExportJob, QUEUES } from '#queue';
import { GracefulClose } from '../shutdown/graceful-close.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { ExportWriter } from './export-writer.js';

/** Milliseconds that an export has at shutdown; another worker goes on with it. */
const GRACE_MS = 1000;

/** Processes the queue `exports`. */
@Processor(QUEUES.exports.name, QUEUES.exports.worker)
export class ExportsProcessor extends WorkerHost implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ExportsProcessor.name);
  private readonly closing = new GracefulClose();

  constructor(
    private readonly writer: ExportWriter,
    private readonly shutdown: Shutdown,
  ) {
    super();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.closing.close(this.worker, GRACE_MS);
  }

  async process(job: Job<ExportJob>): Promise<void> {
    const { organizationId, id } = job.data;
    const { signal } = this.shutdown;
    try {
      await retryTransient(
        () => this.writer.write(organizationId, id, signal),
        signal,
        (error, waitMs) => this.logger.warn(`database: ${error.message}; trying again in ${waitMs} ms`),
      );
    } catch (error) {
      if (error instanceof Interrupted || signal.aborted) return this.closing.leaveToOthers();
      this.logger.error(`export ${id}: ${(error as Error).stack ?? error}`);
      if (job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) await this.writer.fail(organizationId, id);
      throw error;
    }
  }
}
