import type { Pool } from 'pg';

/** What a run of retention works with. */
export interface Run {
  /** Acts as the worker's role. */
  readonly pool: Pool;
  /** Ends the run between two transactions when it aborts. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds; ingestion has the disk meanwhile. */
  pause(ms: number): Promise<void>;
}

/** What a rule would delete. */
export interface Expired {
  readonly rows: number;
  /** Whole partitions on disk with indexes; else the data of the rows. */
  readonly bytes: number;
}
