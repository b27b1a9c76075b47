import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings by table; by default, autovacuum waits until a fifth of a table has changed. */
const HOT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // Compaction updates the last hours of a table of a year: a fifth of it would be weeks of dead rows in their way.
  rollups: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  sessions: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  user_days: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  // Queues, empty after each compaction: what counts is the number of dead rows, which every query steps over.
  rollup_deltas: { autovacuum_vacuum_scale_factor: 0, autovacuum_vacuum_threshold: 1000 },
  activity_deltas: { autovacuum_vacuum_scale_factor: 0, autovacuum_vacuum_threshold: 1000 },
  // Written once, and read from the end by key. A fiftieth at a time, freezing it takes seconds instead of minutes.
  ledger: { autovacuum_vacuum_insert_scale_factor: 0.02 },
};

/** Lets autovacuum look after the tables that change most, before they are full of dead rows. */
export class VacuumHotTables1796700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, settings] of Object.entries(HOT)) {
      const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
      await runner.query(`ALTER TABLE ${table} SET (${list.join(', ')})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, settings] of Object.entries(HOT)) {
      await runner.query(`ALTER TABLE ${table} RESET (${Object.keys(settings).join(', ')})`);
    }
  }
}
