import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Job, Queue } from 'bullmq';
import type { JobData } from '#jobs';
import type { BatchJobData, DeadLetterJob, QueueDefinition } from '#queue';

const REASON = 'See the log of the workers for the reason.';

/**
 * A queue on Bull Board. Its jobs may belong to any organization, so the board shows how many events a batch
 * has, or a job's slot, but neither events nor payloads nor their organization.
 */
export class BoardQueue extends BullMQAdapter {
  constructor(queue: Queue, { codec }: QueueDefinition) {
    super(queue);
    this.setFormatter('data', codec ? amountsOf : slotOf);
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id);
    return job && withoutErrors(job);
  }

  override async getJobs(...parameters: Parameters<BullMQAdapter['getJobs']>): Promise<Job[]> {
    return (await super.getJobs(...parameters)).map(withoutErrors);
  }
}

/** Errors quote events, and stack traces show the code. */
function withoutErrors(job: Job): Job {
  job.stacktrace = [];
  if (job.failedReason) job.failedReason = REASON;
  return job;
}

const slotOf = ({ slot }: JobData = {}) => ({ slot });

const amountsOf = ({ batches = [], failedAt }: Partial<BatchJobData & DeadLetterJob> = {}) => ({
  batches: batches.length,
  events: batches.reduce((sum, { count }) => sum + count, 0),
  ...(failedAt ? { failed_at: new Date(failedAt).toISOString() } : {}),
});
