import type { Job, Queue } from 'bullmq';
import type { JobDefinition } from './define-job.js';
import type { JobRequest } from './requests.js';

/** Data of a job in the queue `jobs`. */
export interface JobData {
  /** ISO 8601; absent: the job was requested. */
  readonly slot?: string;
  /** Set when an operator asked for the run. */
  readonly isRequested?: true;
  readonly payload?: unknown;
}

type Slotted = Pick<JobDefinition, 'name' | 'options'>;

/** Enqueues a slot, only once even if several replicas do so: the job id is derived from it. */
export async function enqueueSlot(
  queue: Queue,
  job: Slotted,
  slot: number,
  isRequested = false,
): Promise<void> {
  const data: JobData = { slot: new Date(slot).toISOString(), ...(isRequested ? { isRequested } : {}) };
  await queue.add(job.name, data, { ...job.options, jobId: slotJobId(job.name, slot) });
}

/**
 * Enqueues a slot that has not been run. If its job is still in the queue as failed (or as completed, when
 * the database was restored from a backup), it is retried: BullMQ ignores an id that it still keeps.
 */
export async function enqueueMissedSlot(
  queue: Queue,
  job: Slotted,
  slot: number,
  isRequested = false,
): Promise<void> {
  const existing: Job | undefined = await queue.getJob(slotJobId(job.name, slot));
  const state = await existing?.getState();
  if (state === 'failed' || state === 'completed') await retry(existing!, state);
  else await enqueueSlot(queue, job, slot, isRequested);
}

/**
 * Enqueues a request.
 * @param id of the request; enqueued only once while the queue keeps the job
 */
export async function enqueueRequest<Payload>(
  queue: Queue,
  { name }: JobRequest<Payload>,
  id: string,
  payload: Payload,
): Promise<void> {
  await queue.add(name, { payload } satisfies JobData, { jobId: `${name}-${id}` });
}

/** Id of a slot's job in the queue. BullMQ allows no colons in it. */
export const slotJobId = (name: string, slot: number) =>
  `${name}-${new Date(slot).toISOString().replace(/[-:]|\.\d+/g, '')}`;

async function retry(job: Job, state: 'failed' | 'completed'): Promise<void> {
  try {
    await job.retry(state, { resetAttemptsMade: true });
  } catch (error) {
    // Another replica may have done so already.
    if ((await job.getState()) === state) throw error;
  }
}
