import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Job, Queue } from 'bullmq';
import type { DeadLetterJob } from '#queue';

const WHY = 'The log of the workers says why.';

/** A queue as Bull Board shows it: of a job how much is in it, not what, nor whose. It may be another organization's. */
export class BoardQueue extends BullMQAdapter {
  constructor(queue: Queue) {
    super(queue);
    this.setFormatter('data', ({ batches = [], failedAt }: Partial<DeadLetterJob> = {}) => ({
      batches: batches.length,
      events: batches.reduce((sum, { count }) => sum + count, 0),
      ...(failedAt ? { failed_at: new Date(failedAt).toISOString() } : {}),
    }));
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id);
    return job && discreet(job);
  }

  override async getJobs(...parameters: Parameters<BullMQAdapter['getJobs']>): Promise<Job[]> {
    return (await super.getJobs(...parameters)).map(discreet);
  }
}

/** Errors quote events, and stack traces are nobody's business outside. */
function discreet(job: Job): Job {
  job.stacktrace = [];
  if (job.failedReason) job.failedReason = WHY;
  return job;
}
