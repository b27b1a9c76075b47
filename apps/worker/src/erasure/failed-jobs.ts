import type { Job, Queue } from 'bullmq';
import { BatchReader, type EncodedBatch, keepEvents } from '#batch';
import { type IngestJob, parseBatchJob, renderBatchJob } from '#queue';
import type { JobsOfPerson } from './eraser.js';
import type { NamedPerson, Person } from './person.store.js';

/** States of jobs that nobody works on until a person decides about them. */
const ENDED = { all: ['waiting', 'delayed', 'failed'], failed: ['failed'] } as const;

/** Jobs of a queue that failed for good. */
export class FailedJobs implements JobsOfPerson {
  /** @param states of the queue's jobs that have come to an end */
  constructor(
    private readonly queue: Queue,
    private readonly states: keyof typeof ENDED,
  ) {}

  async sessionsOf(named: NamedPerson): Promise<string[]> {
    const sessions = new Set<string>();
    for await (const [, { batches }] of this.jobsOf(named)) {
      for (const batch of batches.filter(isOf(named))) {
        const { users, sessions: ids } = whoseEvents(batch);
        ids.forEach((id, i) => {
          if (id !== null && users[i] !== null && named.userIds.includes(users[i]!)) sessions.add(id);
        });
      }
    }
    return [...sessions];
  }

  /** The jobs stay, for the ledger counts what was in them, though there may be no event left. */
  async erase(person: Person): Promise<number> {
    let erased = 0;
    for await (const [job, content] of this.jobsOf(person)) {
      const batches = content.batches.map((batch) => (isOf(person)(batch) ? without(batch, person) : batch));
      const taken = eventsIn(content.batches) - eventsIn(batches);
      if (taken === 0) continue;
      await job.updateData(JSON.parse(renderBatchJob({ ...content, batches }).bytes.toString()));
      erased += taken;
    }
    return erased;
  }

  /** Those that hold batches of the person's organization. */
  private async *jobsOf(named: NamedPerson): AsyncGenerator<[Job, IngestJob]> {
    for (const id of await this.queue.getRanges([...ENDED[this.states]], 0, -1)) {
      const job = await this.queue.getJob(id);
      // One that could not be read has no batches; nobody can tell whose events it holds.
      if (job?.data?.batches?.some(isOf(named))) yield [job, parseBatchJob(JSON.stringify(job.data))];
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
