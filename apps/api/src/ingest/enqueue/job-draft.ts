import { randomUUID } from 'node:crypto';
import { type CountableEvent, type EncodedBatch, encodeBatch, type Sender } from '#batch';

/**
 * Requests with this many events are encoded immediately: thousands of event objects waiting for their job
 * would be promoted to the old generation, and marking that would take a third of the API's CPU.
 */
const ENCODE_AT_ONCE = 100;

/** Most client addresses that a batch names. */
const MAX_ADDRESSES = 10;

interface DraftBatch {
  readonly organizationId: string;
  readonly actor: string;
  readonly clientAddresses: Set<string>;
  readonly batchId: string;
  readonly events: CountableEvent[];
}

/** A job that is being gathered, with one open batch per caller for small requests. */
export class JobDraft {
  private readonly encoded: EncodedBatch[] = [];
  private readonly bySender = new Map<string, DraftBatch>();

  /** Events so far. */
  count = 0;
  /** Estimated size so far. */
  bytes = 0;
  /** Settles when the job is durable or has failed. */
  readonly written: Promise<void>;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;

  /** @param deadline when waiting requests must be answered, in milliseconds since the epoch */
  constructor(readonly deadline: number) {
    let settle: Pick<JobDraft, 'succeed' | 'fail'>;
    this.written = new Promise((succeed, fail) => {
      settle = { succeed, fail };
    });
    this.succeed = settle!.succeed;
    this.fail = settle!.fail;
  }

  /**
   * @param bytes estimated size of the events
   * @param now milliseconds since the epoch
   * @returns the id of the batch with the events
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

  /** @param now milliseconds since the epoch; the instant of receipt of the batches that are still open */
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
