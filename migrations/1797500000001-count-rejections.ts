import type { MigrationInterface, QueryRunner } from 'typeorm';
import { showToReaders, wall } from '#database';

/** How many events intake has rejected. They are in no batch, and so not in the ledger. */
export class CountRejections1797500000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rejections (
        organization_id uuid NOT NULL,
        -- Quarter of an hour, by the clock of the API: each local day of each time zone begins with one.
        bucket timestamptz NOT NULL,
        -- As in the answer to the client.
        code text NOT NULL,
        events bigint NOT NULL,
        PRIMARY KEY (organization_id, bucket, code)
      );
      ${wall('rejections', 'organization_id', { api: 'SELECT, INSERT, UPDATE (events)', worker: 'SELECT, DELETE' })}
      ${showToReaders('rejections', 'organization_id')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rejections');
  }
}
