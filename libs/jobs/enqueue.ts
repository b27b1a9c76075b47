import type { Job, Queue } from 'bullmq';
import type { JobDefinition } from './define-job.js';
import type { JobRequest } from './requests.js';

/** What a job in the queue `jobs` carries. */
export interface JobData {
  /** ISO 8601; absent: the job was asked for. */
  readonly slot?: string;
  readonly payload?: unknown;
}

type Slotted = Pick<JobDefinition, 'name' | 'options'>;

/** Enqueues a slot, once however many replicas do so: the job's id follows from it. */
export async function enqueueSlot(queue: Queue, job: Slotted, slot: number): Promise<void> {
  const data: JobData = { slot: new Date(slot).toISOString() };
  await queue.add(job.name, data, { ...job.options, jobId: slotJobId(job.name, slot) });
}

/**
 * Enqueues a slot that has not been run. If its job still stands in the queue as failed (or as completed, though the
 * database that remembers it was restored from a backup), it is run again: BullMQ ignores an id that it still keeps.
 */
export async function enqueueMissedSlot(queue: Queue, job: Slotted, slot: number): Promise<void> {
  const standing: Job | undefined = await queue.getJob(slotJobId(job.name, slot));
  const state = await standing?.getState();
  if (state === 'failed' || state === 'completed') await retry(standing!, state);
  else await enqueueSlot(queue, job, slot);
}

/**
 * Enqueues what was asked for.
 * @param id of the request; enqueued once while the queue keeps the job
 */
export async function enqueueRequest<Payload>(
  queue: Queue,
  { name }: JobRequest<Payload>,
  id: string,
  payload: Payload,
): Promise<void> {
  await queue.add(name, { payload } satisfies JobData, { jobId: `${name}-${id}` });
}

/** BullMQ allows no colons in an id. */
const slotJobId = (name: string, slot: number) =>
  `${name}-${new Date(slot).toISOString().replace(/[-:]|\.\d+/g, '')}`;

async function retry(job: Job, state: 'failed' | 'completed'): Promise<void> {
  try {
    await job.retry(state, { resetAttemptsMade: true });
  } catch (error) {
    // Another replica may have been first.
    if ((await job.getState()) === state) throw error;
  }
}
