import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { JobType, Queue } from 'bullmq';
import { LRUCache } from 'lru-cache';
import { type BatchJobData, type BatchWithoutColumns, QUEUES } from '#queue';
import { unavailable } from '../../http/problem.js';
import { NextPass } from './next-pass.js';

/** The fields of a queued batch that the ledger needs. */
export type QueuedBatch = Pick<
  BatchWithoutColumns,
  'organizationId' | 'batchId' | 'receivedAt' | 'count' | 'erased'
>;

/** Jobs read at a time; one has up to 2 MB. */
const AT_ONCE = 20;
/** Most jobs read per queue; with more, the answer is marked as incomplete. */
const MAX_JOBS = 1000;
const STATES: JobType[] = ['active', 'waiting', 'delayed', 'failed'];
/** Jobs of which the batches are remembered, and for how many milliseconds. */
const REMEMBERED = { max: MAX_JOBS, ttl: 10_000 };

interface Queued {
  readonly batches: readonly QueuedBatch[];
  /** Whether all jobs were read. */
  readonly complete: boolean;
}

/**
 * Finds an organization's batches in the queues. The jobs of all organizations are in one queue and come with their events,
 * so everybody who waits shares the next pass.
 */
@Injectable()
export class QueuedBatches {
  private readonly logger = new Logger(QueuedBatches.name);
  private readonly passes = new NextPass(async () => {
    const [inFlight, dead] = await Promise.all([this.inFlight(), this.dead()]);
    return { inFlight, dead };
  });
  /** By id of the job. */
  private readonly remembered = new LRUCache<string, readonly QueuedBatch[]>(REMEMBERED);

  constructor(
    @InjectQueue(QUEUES.ingest.name) private readonly ingest: Queue,
    @InjectQueue(QUEUES.deadLetters.name) private readonly deadLetters: Queue,
  ) {}

  /**
   * Batches that wait to be stored, and batches that failed as a whole.
   * @throws Problem 503 when a queue is not responding: the ledger would not balance without it
   */
  async of(organizationId: string) {
    const { inFlight, dead } = await this.passes.result().catch((error: Error) => {
      this.logger.warn(`queue unavailable: ${error.message}`);
      throw unavailable('queue_unavailable', 'The queue is not responding');
    });
    const own = ({ batches }: Queued) => batches.filter((batch) => batch.organizationId === organizationId);
    return { inFlight: own(inFlight), dead: own(dead), complete: inFlight.complete && dead.complete };
  }

  private async inFlight(): Promise<Queued> {
    const { ids, complete } = await jobsIn(this.ingest);
    // Only an erasure changes jobs, and only failed ones.
    const failed = new Set(await this.ingest.getRanges(['failed'], 0, MAX_JOBS));
    const isUnchanged = (id: string) => !failed.has(id);
    // Taken out before anything is added, which may displace others.
    const known = new Map(ids.filter(isUnchanged).map((id) => [id, this.remembered.get(id)] as const));
    const unknown = ids.filter((id) => !known.get(id));
    const read = await batchesOf(this.ingest, unknown);
    for (const [id, batches] of read) if (isUnchanged(id)) this.remembered.set(id, batches);
    return { batches: ids.flatMap((id) => read.get(id) ?? known.get(id) ?? []), complete };
  }

  private async dead(): Promise<Queued> {
    const { ids, complete } = await jobsIn(this.deadLetters);
    return { batches: [...(await batchesOf(this.deadLetters, ids)).values()].flat(), complete };
  }
}

/** All ids at one instant: a job that moves on between two reads would be missed. */
async function jobsIn(queue: Queue): Promise<{ ids: readonly string[]; complete: boolean }> {
  const ids = await queue.getRanges(STATES, 0, MAX_JOBS);
  return { ids: ids.slice(0, MAX_JOBS), complete: ids.length <= MAX_JOBS };
}

/**
 * By id of the job; without those that are stored by now. `Queue.getJobs` reads each job twice (BullMQ 6.7): 13 % of the CPU of
 * a busy API instead of 4.
 */
async function batchesOf(queue: Queue, ids: readonly string[]): Promise<Map<string, readonly QueuedBatch[]>> {
  const batches = new Map<string, readonly QueuedBatch[]>();
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const jobs = await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => queue.getJob(id)));
    for (const job of jobs) {
      const data: Partial<BatchJobData> | undefined = job?.data;
      if (job?.id !== undefined) batches.set(job.id, data?.batches ?? []);
    }
  }
  return batches;
}
