import type { Pool, QueryConfig } from 'pg';
import type { ReplicaFigures, ReplicaKind } from './replicas.read-model.js';

/** Milliseconds after which a statement is given up, so that a database that hangs does not hold up the shutdown. */
const TIMEOUT_MS = 2_000;

/** SQL of the reports of one process. */
export class ReplicasStore {
  constructor(
    private readonly pool: Pool,
    private readonly id: string,
    private readonly kind: ReplicaKind,
  ) {}

  async report(figures: ReplicaFigures): Promise<void> {
    await this.run(
      `INSERT INTO replicas (replica_id, kind, figures, clock_ahead_ms)
       VALUES ($1, $2, $3, $4 - extract(epoch FROM clock_timestamp())::float8 * 1000)
       ON CONFLICT (replica_id) DO UPDATE
       SET reported_at = now(), figures = $3, clock_ahead_ms = excluded.clock_ahead_ms`,
      [this.id, this.kind, JSON.stringify(figures), Date.now()],
    );
  }

  /** Deletes the reports of processes that ended without a word. */
  async sweep(): Promise<void> {
    await this.run(`DELETE FROM replicas WHERE reported_at < now() - interval '1 minute'`, []);
  }

  async leave(): Promise<void> {
    await this.run('DELETE FROM replicas WHERE replica_id = $1', [this.id]);
  }

  private async run(text: string, values: unknown[]): Promise<void> {
    // The types do not know the timeout of a single query.
    const query: QueryConfig & { query_timeout: number } = { text, values, query_timeout: TIMEOUT_MS };
    await this.pool.query(query);
  }
}
