import { randomUUID } from 'node:crypto';
import { type CountableEvent, type EncodedBatch, encodeBatch } from '#batch';

/**
 * Requests with this many events are encoded at once. Thousands of event objects that wait for their job to
 * be written would outlive the young generation, and a third of the API's CPU would go into marking the old.
 */
const ENCODE_AT_ONCE = 100;

interface DraftBatch {
  readonly organizationId: string;
  readonly batchId: string;
  readonly events: CountableEvent[];
}

/** A job being put together: who waits for its write, and a batch for each organization's small requests. */
export class JobDraft {
  private readonly encoded: EncodedBatch[] = [];
  private readonly byOrganization = new Map<string, DraftBatch>();

  /** Events so far. */
  count = 0;
  bytes = 0;
  /** Settles when the job is durable, or could not be written. */
  readonly written: Promise<void>;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;

  /** @param deadline when those who wait want to hear, in milliseconds since the epoch */
  constructor(readonly deadline: number) {
    let settle: Pick<JobDraft, 'succeed' | 'fail'>;
    this.written = new Promise((succeed, fail) => {
      settle = { succeed, fail };
    });
    this.succeed = settle!.succeed;
    this.fail = settle!.fail;
  }

  /**
   * @param bytes about how many the events take
   * @param now milliseconds since the epoch
   * @returns the id of the batch that the events are in
   */
  put(organizationId: string, events: readonly CountableEvent[], bytes: number, now: number): string {
    this.count += events.length;
    this.bytes += bytes;
    if (events.length >= ENCODE_AT_ONCE) {
      const batchId = randomUUID();
      this.encoded.push(encodeBatch({ organizationId, batchId, receivedAt: now }, events));
      return batchId;
    }
    const batch = this.batchOf(organizationId);
    for (const event of events) batch.events.push(event);
    return batch.batchId;
  }

  /** @param now milliseconds since the epoch: when the batches that were still open were received */
  batches(now: number): EncodedBatch[] {
    const open = [...this.byOrganization.values()].map(({ events, ...ids }) =>
      encodeBatch({ ...ids, receivedAt: now }, events),
    );
    return [...this.encoded, ...open];
  }

  private batchOf(organizationId: string): DraftBatch {
    let batch = this.byOrganization.get(organizationId);
    if (!batch) {
      batch = { organizationId, batchId: randomUUID(), events: [] };
      this.byOrganization.set(organizationId, batch);
    }
    return batch;
  }
}
