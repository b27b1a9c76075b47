import { Processor, WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { JobCounts, JobData } from '#jobs';
import { QUEUES } from '#queue';
import { GracefulClose } from '../shutdown/graceful-close.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { JobRunner } from './job-runner.js';

/** Milliseconds that runs have to finish at shutdown. */
const GRACE_MS = 4000;

/** Processes the queue `jobs`. */
@Processor(QUEUES.jobs.name, QUEUES.jobs.worker)
export class JobsProcessor extends WorkerHost implements BeforeApplicationShutdown {
  private readonly closing = new GracefulClose();

  constructor(
    private readonly runner: JobRunner,
    private readonly shutdown: Shutdown,
  ) {
    super();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.closing.close(this.worker, GRACE_MS);
  }

  async process(job: Job<JobData>): Promise<JobCounts> {
    try {
      const { slot, isRequested = false, payload } = job.data;
      const input = { slot: slot === undefined ? null : Date.parse(slot), isRequested, payload };
      return await this.runner.run(job.name, input, {
        progress: (progress) => job.updateProgress({ ...progress }),
        log: (line) => job.log(line),
      });
    } catch (error) {
      // An aborted run has not failed: another worker gets the job.
      if (this.shutdown.signal.aborted) return this.closing.leaveToOthers();
      new Logger(job.name).error((error as Error).stack ?? error);
      throw error;
    }
  }
}
