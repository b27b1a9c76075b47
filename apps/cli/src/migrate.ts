import pg from 'pg';
import { DataSource } from 'typeorm';
import { builtInTypes } from '#catalog';
import { loadEnvironment } from '#config';
import { ensureEventPartitions, ROLES } from '#database';
import { migrateQueue } from '#queue';
import { migrations } from '../../../migrations/index.js';
import { replaceEventViews } from './event-views/event-views.store.js';

/** Migrates an empty or older database to the current schema. Safe to repeat and to run concurrently. */
export async function migrate(environment = loadEnvironment()): Promise<void> {
  const client = new pg.Client({ connectionString: environment.DATABASE_URL });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('millrace migrate'))`);
    const source = new DataSource({
      type: 'postgres',
      url: environment.DATABASE_URL,
      migrations,
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      await source.runMigrations();
    } finally {
      await source.destroy();
    }
    await replaceEventViews(client, builtInTypes);
    await migrateQueue(client, Object.values(ROLES));
    await ensureEventPartitions(client, environment.EVENT_RETENTION_DAYS, Date.now());
  } finally {
    await client.end();
  }
}
