import { randomUUID } from 'node:crypto';
import { type CountableEvent, type EncodedBatch, encodeBatch, type Sender } from '#batch';

/**
 * Requests with this many events are encoded at once. Thousands of event objects that wait for their job to
 * be written would outlive the young generation, and a third of the API's CPU would go into marking the old.
 */
const ENCODE_AT_ONCE = 100;

/** Addresses that are named of those that have sent to one batch. */
const MAX_ADDRESSES = 10;

interface DraftBatch {
  readonly organizationId: string;
  readonly actor: string;
  readonly clientAddresses: Set<string>;
  readonly batchId: string;
  readonly events: CountableEvent[];
}

/** A job being put together: who waits for its write, and a batch for each caller's small requests. */
export class JobDraft {
  private readonly encoded: EncodedBatch[] = [];
  private readonly bySender = new Map<string, DraftBatch>();

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
  put(sender: Sender, events: readonly CountableEvent[], bytes: number, now: number): string {
    this.count += events.length;
    this.bytes += bytes;
    if (events.length >= ENCODE_AT_ONCE) {
      const batchId = randomUUID();
      this.encoded.push(encodeBatch({ ...sender, batchId, receivedAt: now }, events));
      return batchId;
    }
    const batch = this.batchOf(sender);
    for (const event of events) batch.events.push(event);
    return batch.batchId;
  }

  /** @param now milliseconds since the epoch: when the batches that were still open were received */
  batches(now: number): EncodedBatch[] {
    const open = [...this.bySender.values()].map(({ events, clientAddresses, ...ids }) =>
      encodeBatch({ ...ids, clientAddress: listed(clientAddresses), receivedAt: now }, events),
    );
    return [...this.encoded, ...open];
  }

  private batchOf({ organizationId, actor, clientAddress }: Sender): DraftBatch {
    const name = `${organizationId} ${actor}`;
    let batch = this.bySender.get(name);
    if (!batch) {
      batch = { organizationId, actor, clientAddresses: new Set(), batchId: randomUUID(), events: [] };
      this.bySender.set(name, batch);
    }
    batch.clientAddresses.add(clientAddress);
    return batch;
  }
}

function listed(clientAddresses: ReadonlySet<string>): string {
  const named = [...clientAddresses].slice(0, MAX_ADDRESSES);
  return clientAddresses.size > named.length ? `${named.join(', ')}, …` : named.join(', ');
}
