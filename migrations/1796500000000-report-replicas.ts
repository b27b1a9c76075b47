import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** What each running API and worker measures of itself. */
export class ReportReplicas1796500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Unlogged: after a crash every process reports again within seconds.
      CREATE UNLOGGED TABLE replicas (
        replica_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('api', 'worker')),
        reported_at timestamptz NOT NULL DEFAULT now(),
        figures jsonb NOT NULL
      );
      ${wall('replicas', null, {
        api: 'SELECT, INSERT (replica_id, kind, figures), UPDATE (reported_at, figures), DELETE',
        worker:
          'SELECT (replica_id, reported_at), INSERT (replica_id, kind, figures), UPDATE (reported_at, figures), DELETE',
      })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replicas');
  }
}
