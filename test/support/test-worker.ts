import type pg from 'pg';
import type { EncodedBatch } from '#batch';
import { createPool, ensureEventPartitions } from '#database';
import { Compactor, WINDOW_SECONDS } from '#rollups';
import { BatchStore } from '../../apps/worker/src/persist/batch.store.js';
import { outlast } from '../../apps/worker/src/persist/outlast.js';
import { type PersistCounts, Persister } from '../../apps/worker/src/persist/persister.js';

/** What a worker process does to the database, without the process and the queue. */
export class TestWorker {
  readonly pool: pg.Pool;
  private readonly persister: Persister;
  private readonly compactor: Compactor;

  constructor(databaseUrl: string) {
    this.pool = createPool({ databaseUrl, role: 'worker', size: 4 });
    this.persister = new Persister(new BatchStore(this.pool), () =>
      ensureEventPartitions(this.pool, 90, Date.now()),
    );
    this.compactor = new Compactor(this.pool, Object.values(WINDOW_SECONDS));
  }

  /** One transaction, repeated when another worker was in its way. */
  persist(batches: readonly EncodedBatch[]): Promise<PersistCounts> {
    return outlast(
      () => this.persister.persist(batches),
      new AbortController().signal,
      () => {},
    );
  }

  compact(): Promise<void> {
    return this.compactor.compactAll();
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
