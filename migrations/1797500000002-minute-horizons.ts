import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '#database';

/** Since when an organization's rollups of minutes are kept, so that answers can say what is gone. */
export class MinuteHorizons1797500000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE horizons ADD COLUMN minutes_from timestamptz;
      -- The next run of retention raises it.
      UPDATE horizons SET minutes_from = metrics_from;
      ALTER TABLE horizons ALTER COLUMN minutes_from SET NOT NULL;
      GRANT SELECT ON horizons TO ${ROLES.api}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE SELECT ON horizons FROM ${ROLES.api};
      ALTER TABLE horizons DROP COLUMN minutes_from`);
  }
}
