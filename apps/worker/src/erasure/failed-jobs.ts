import type { Job, Queue } from 'bullmq';
import { BatchReader, type EncodedBatch, keepEvents } from '#batch';
import type { BatchJobData, IngestJob, JobCodec } from '#queue';
import type { JobsOfPerson } from './eraser.js';
import type { NamedPerson, Person } from './person.store.js';

/** States of jobs that wait for an operator to retry them. */
const ENDED = { all: ['waiting', 'delayed', 'failed'], failed: ['failed'] } as const;

/** Permanently failed jobs of a queue. */
export class FailedJobs<Content extends IngestJob> implements JobsOfPerson {
  /** @param states `all` for a queue that nothing consumes */
  constructor(
    private readonly queue: Queue,
    private readonly codec: JobCodec<Content>,
    private readonly states: keyof typeof ENDED,
  ) {}

  async sessionsOf(named: NamedPerson): Promise<string[]> {
    const sessions = new Set<string>();
    for await (const { content } of this.jobsOf(named)) {
      for (const batch of content.batches.filter(isOf(named))) {
        const { users, sessions: ids } = whoseEvents(batch);
        ids.forEach((id, i) => {
          if (id !== null && users[i] !== null && named.userIds.includes(users[i]!)) sessions.add(id);
        });
      }
    }
    return [...sessions];
  }

  /** A job stays in its queue even without events: the ledger counts those that were in it. */
  async erase(person: Person): Promise<number> {
    let erased = 0;
    for await (const { job, content } of this.jobsOf(person)) {
      const batches = content.batches.map((batch) => (isOf(person)(batch) ? without(batch, person) : batch));
      const removed = eventsIn(content.batches) - eventsIn(batches);
      if (removed === 0) continue;
      await job.updateData(this.codec.toJobData({ ...content, batches }));
      erased += removed;
    }
    return erased;
  }

  /** Jobs with batches of the person's organization. */
  private async *jobsOf(named: NamedPerson): AsyncGenerator<{ job: Job; content: Content }> {
    for (const id of await this.queue.getRanges([...ENDED[this.states]], 0, -1)) {
      const job: Job<Partial<BatchJobData>> | undefined = await this.queue.getJob(id);
      // A job that could not be decoded has no batches: the owner of its events is unknown.
      if (job?.data?.batches?.some(isOf(named))) yield { job, content: this.codec.fromJobData(job.data) };
    }
  }
}

const isOf = (named: NamedPerson) => (batch: Pick<EncodedBatch, 'organizationId'>) =>
  batch.organizationId === named.organizationId;

const eventsIn = (batches: readonly EncodedBatch[]) => batches.reduce((sum, { count }) => sum + count, 0);

function whoseEvents(batch: EncodedBatch) {
  const reader = new BatchReader(batch);
  return { users: reader.strings('userId'), sessions: reader.strings('sessionId') };
}

function without(batch: EncodedBatch, person: Person): EncodedBatch {
  const { users, sessions } = whoseEvents(batch);
  const isTheirs = (i: number) => {
    const [user, session] = [users[i]!, sessions[i]!];
    if (user !== null) return person.userIds.includes(user);
    return session !== null && person.sessionIds.includes(session);
  };
  const kept = keepEvents(batch, (i) => !isTheirs(i));
  return { ...kept, erased: (batch.erased ?? 0) + batch.count - kept.count };
}
