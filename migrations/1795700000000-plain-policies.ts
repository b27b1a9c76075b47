import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CURRENT_ORGANIZATION } from '#database';

const TENANT_TABLES = [
  'api_keys',
  'users',
  'event_types',
  'audit_log',
  'events',
  'ledger',
  'dead_letters',
  'rollups',
  'sessions',
  'user_days',
  'rollup_deltas',
  'activity_deltas',
  'daily_metrics',
  'reports',
  'alerts',
  'series_counts',
  'admitted_series',
  'erasures',
  'erased_deltas',
  'erased_receipts',
] as const;

/** SQL for the public id of the key that a caller presents; NULL when none is. */
const PRESENTED_KEY = `NULLIF(current_setting('app.presented_key', true), '')`;

/**
 * Replaces the sub-SELECT in every policy by the plain expression: a distributed PostgreSQL allows no sub-SELECT
 * there. It made PostgreSQL read the setting once per query; now statements name the organization, and it does so
 * either way (docs/decisions/029-two-walls.md).
 */
export class PlainPolicies1795700000000 implements MigrationInterface {
  // Each ALTER POLICY locks its table alone: in one transaction they could deadlock with a running worker.
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replacePolicies(runner, CURRENT_ORGANIZATION, PRESENTED_KEY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replacePolicies(runner, `(SELECT ${CURRENT_ORGANIZATION})`, `(SELECT ${PRESENTED_KEY})`);
  }
}

async function replacePolicies(runner: QueryRunner, organization: string, key: string): Promise<void> {
  const tenant = (table: string, column: string) => {
    const visible = `${column} = ${organization}`;
    return runner.query(`ALTER POLICY tenant ON ${table} USING (${visible}) WITH CHECK (${visible})`);
  };
  await tenant('organizations', 'id');
  for (const table of TENANT_TABLES) await tenant(table, 'organization_id');
  await runner.query(`ALTER POLICY presented ON api_keys USING (public_id = ${key})`);
}
