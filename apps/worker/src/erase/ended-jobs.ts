import type { Job, Queue } from 'bullmq';
import { decodeTextColumn, type EncodedBatch, keepEvents, splitColumns } from '#batch';
import { type IngestJob, parseBatchJob, renderBatchJob } from '#queue';
import type { Person } from './person.store.js';

/** States of jobs that nobody works on until a person decides about them. */
const ENDED = { all: ['waiting', 'delayed', 'failed'], failed: ['failed'] } as const;

/** A queue, and which of its jobs have come to an end. */
export interface EndedJobs {
  readonly queue: Queue;
  readonly states: keyof typeof ENDED;
}

/**
 * Takes a person's events out of jobs that failed for good.
 * @returns how many there were
 */
export async function eraseFromEndedJobs({ queue, states }: EndedJobs, person: Person): Promise<number> {
  let erased = 0;
  for (const id of await queue.getRanges([...ENDED[states]], 0, -1)) {
    const job = await queue.getJob(id);
    // One that could not be read has no batches; nobody can tell whose events it holds.
    if (job?.data?.batches) erased += await eraseFrom(job, person);
  }
  return erased;
}

async function eraseFrom(job: Job, person: Person): Promise<number> {
  const own = ({ organizationId }: { organizationId: string }) => organizationId === person.organizationId;
  if (!job.data.batches.some(own)) return 0;
  const content = parseBatchJob(JSON.stringify(job.data));
  const batches = content.batches.map((batch) => (own(batch) ? without(batch, person) : batch));
  const events = (list: IngestJob['batches']) => list.reduce((sum, { count }) => sum + count, 0);
  const erased = events(content.batches) - events(batches);
  if (erased === 0) return 0;
  const left = batches.filter(({ count }) => count > 0);
  if (left.length === 0) await job.remove();
  else await job.updateData(JSON.parse(renderBatchJob({ ...content, batches: left }).toString()));
  return erased;
}

function without(batch: EncodedBatch, person: Person): EncodedBatch {
  const columns = splitColumns(batch.columns);
  const users = decodeTextColumn(columns.userId, batch.count);
  const sessions = decodeTextColumn(columns.sessionId, batch.count);
  const isTheirs = (i: number) => {
    const [user, session] = [users[i]!, sessions[i]!];
    if (user !== null) return person.userIds.includes(user);
    return session !== null && person.sessionIds.includes(session);
  };
  return keepEvents(batch, (i) => !isTheirs(i));
}
