import type pg from 'pg';
import type { EncodedBatch } from '#batch';
import { createPool, ensureEventPartitions, retryTransient } from '#database';
import { Compactor } from '#rollups';
import { Eraser, type JobsOfPerson } from '../../apps/worker/src/erasure/eraser.js';
import { nextErasure } from '../../apps/worker/src/erasure/erasure.store.js';
import { type PersistCounts, Persister } from '../../apps/worker/src/ingest/persister.js';
import { BatchStore } from '../../apps/worker/src/ingest/rows/batch.store.js';
import { SeriesStore, USUAL_MAX_SERIES } from '../../apps/worker/src/ingest/series/series.store.js';
import { SeriesLimit } from '../../apps/worker/src/ingest/series/series-limit.js';

/** A worker's database work without its process and queue. */
export class TestWorker {
  readonly pool: pg.Pool;
  private readonly limit: SeriesLimit;
  private readonly persister: Persister;
  private readonly compactor: Compactor;

  /** @param maxSeries series of a type per day that are counted separately */
  constructor(databaseUrl: string, maxSeries = USUAL_MAX_SERIES) {
    this.pool = createPool({ databaseUrl, role: 'worker', size: 4 });
    this.limit = new SeriesLimit(new SeriesStore(this.pool, maxSeries));
    this.persister = new Persister(new BatchStore(this.pool), this.limit, () =>
      ensureEventPartitions(this.pool, 90, Date.now()),
    );
    this.compactor = new Compactor(this.pool);
  }

  /** One transaction, retried after conflicts with other workers. */
  persist(batches: readonly EncodedBatch[]): Promise<PersistCounts> {
    return retryTransient(
      () => this.persister.persist(batches),
      new AbortController().signal,
      () => {},
    );
  }

  compact(): Promise<void> {
    return this.compactor.compactAll();
  }

  /** Processes the oldest pending erasure; false when it must be retried. */
  async erase(...jobs: JobsOfPerson[]): Promise<boolean> {
    const erasure = await nextErasure(this.pool);
    if (!erasure) throw new Error('nobody is to be erased');
    return this.eraser(...jobs).erase(erasure);
  }

  eraser(...jobs: JobsOfPerson[]): Eraser {
    return new Eraser(this.pool, this.limit, jobs);
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
