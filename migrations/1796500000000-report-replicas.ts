import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** What each running API and worker measures of itself. */
export class ReportReplicas1796500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Unlogged: after a crash every process reports again within seconds.
      CREATE UNLOGGED TABLE replicas (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('api', 'worker')),
        reported_at timestamptz NOT NULL DEFAULT now(),
        figures jsonb NOT NULL
      );
      ${wall('replicas', null, {
        api: 'SELECT, INSERT (id, kind, figures), UPDATE (reported_at, figures), DELETE',
        worker: 'SELECT (id, reported_at), INSERT (id, kind, figures), UPDATE (reported_at, figures), DELETE',
      })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replicas');
  }
}
