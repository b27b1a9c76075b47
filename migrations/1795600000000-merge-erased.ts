import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/**
 * Merges erased deltas to one row per type and day. A row per person would show a reader of the database what that
 * person did.
 */
export class MergeErased1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Lets the owner read the rows.
      ALTER TABLE erased_deltas NO FORCE ROW LEVEL SECURITY;
      CREATE TABLE merged (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        day date NOT NULL,
        series json NOT NULL,
        PRIMARY KEY (organization_id, type, day)
      );
      INSERT INTO merged
        SELECT organization_id, type, (to_timestamp((delta ->> 't')::float8) AT TIME ZONE 'UTC')::date AS day, json_agg(delta)
        FROM erased_deltas, json_array_elements(series) AS delta GROUP BY organization_id, type, day;
      DROP TABLE erased_deltas;
      ALTER TABLE merged RENAME TO erased_deltas;
      ALTER INDEX merged_pkey RENAME TO erased_deltas_pkey;
      ${wall('erased_deltas', 'organization_id', { worker: 'SELECT, INSERT, UPDATE, DELETE' })}
      REVOKE SELECT ON erased_receipts FROM ${ROLES.api};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE erased_deltas NO FORCE ROW LEVEL SECURITY;
      CREATE TABLE parted (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        series json NOT NULL,
        PRIMARY KEY (organization_id, type, id)
      );
      INSERT INTO parted (organization_id, type, series) SELECT organization_id, type, series FROM erased_deltas;
      DROP TABLE erased_deltas;
      ALTER TABLE parted RENAME TO erased_deltas;
      ALTER INDEX parted_pkey RENAME TO erased_deltas_pkey;
      ${wall('erased_deltas', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}
      GRANT SELECT ON erased_receipts TO ${ROLES.api};
    `);
  }
}
