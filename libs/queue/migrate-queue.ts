import { runMigrations } from 'bullmq';
import type { ClientBase } from 'pg';
import { QUEUES } from './queues.js';

const SCHEMA = 'bullmq';

/**
 * Brings BullMQ's tables in PostgreSQL up to date, and grants their use to the given roles.
 *
 * Jobs contain base64, which pglz cannot compress: without the attempt, adding a job of 1,000 events costs
 * the server a third less.
 */
export async function migrateQueue(client: ClientBase, roles: readonly string[]): Promise<void> {
  await runMigrations(client as Parameters<typeof runMigrations>[0], SCHEMA);
  await client.query(`ALTER TABLE ${SCHEMA}.job ALTER COLUMN data SET STORAGE EXTERNAL`);
  for (const { name } of Object.values(QUEUES)) await createIdSequence(client, name);
  for (const role of roles) {
    await client.query(`
      GRANT USAGE ON SCHEMA ${SCHEMA} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${role};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO ${role};
    `);
  }
}

/** BullMQ creates the job id sequence of a queue with its first job without an id; our roles cannot. */
async function createIdSequence(client: ClientBase, queue: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('CREATE SEQUENCE IF NOT EXISTS ${SCHEMA}.%I', ${SCHEMA}.job_id_seq_name($1)) AS statement`,
    [queue],
  );
  await client.query(rows[0]!.statement);
}
