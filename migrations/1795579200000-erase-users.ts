import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** Erasure requests, and what erased events had added to rollups and ledger, which stay unchanged. */
export class EraseUsers1795579200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasures (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        requested_at timestamptz NOT NULL DEFAULT now(),
        actor text NOT NULL,
        origin text,
        -- All forms of the person's id; empty once they are erased.
        user_ids text[] NOT NULL,
        finished_at timestamptz,
        counts jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (organization_id, id)
      );
      CREATE INDEX erasures_pending ON erasures (requested_at) WHERE finished_at IS NULL;
      ${wall('erasures', 'organization_id', { api: 'SELECT, INSERT', worker: 'SELECT, UPDATE' })}

      -- Like rollup_deltas: series, minutes and sums, no person.
      CREATE TABLE erased_deltas (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        series json NOT NULL,
        PRIMARY KEY (organization_id, type, id)
      );
      ${wall('erased_deltas', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- Number of erased events that the ledger still counts as stored.
      CREATE TABLE erased_receipts (
        organization_id uuid NOT NULL,
        received_at timestamptz NOT NULL,
        events integer NOT NULL,
        PRIMARY KEY (organization_id, received_at)
      );
      ${wall('erased_receipts', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, UPDATE, DELETE' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erased_receipts, erased_deltas, erasures');
  }
}
