import { randomUUID } from 'node:crypto';
import type { CountableEvent } from '#batch';

interface DraftBatch {
  readonly organizationId: string;
  readonly batchId: string;
  readonly events: CountableEvent[];
}

/** A job being put together: a batch for each organization, and everyone who waits for the write. */
export class JobDraft {
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

  /** @returns the id of the batch that the events are in */
  put(organizationId: string, events: readonly CountableEvent[], bytes: number): string {
    let batch = this.byOrganization.get(organizationId);
    if (!batch) {
      batch = { organizationId, batchId: randomUUID(), events: [] };
      this.byOrganization.set(organizationId, batch);
    }
    for (const event of events) batch.events.push(event);
    this.count += events.length;
    this.bytes += bytes;
    return batch.batchId;
  }

  batches(): readonly DraftBatch[] {
    return [...this.byOrganization.values()];
  }
}
