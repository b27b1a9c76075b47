import pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { ApiKeyAdministration, OrganizationAdministration } from '#identity';
import { migrate } from '../apps/cli/src/migrate.js';
import { ORGANIZATIONS } from './events.js';

export interface BenchDatabase {
  readonly url: string;
  readonly organizationIds: readonly string[];
  readonly apiKeys: readonly string[];
}

/** Creates a migrated database with the organizations of the event stream. */
export async function createBenchDatabase(serverUrl: string, name: string): Promise<BenchDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.query('CHECKPOINT');
  await admin.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(loadEnvironment({ DATABASE_URL: url.href }));
  const pool = createPool({ databaseUrl: url.href, role: 'api', size: 2 });
  const organizations = new OrganizationAdministration(pool);
  const keys = new ApiKeyAdministration(pool);
  const actor = { subject: 'bench', clientAddress: null };
  const organizationIds: string[] = [];
  const apiKeys: string[] = [];
  for (let i = 0; i < ORGANIZATIONS; i++) {
    const { id } = await organizations.create(actor, `Organization ${i}`);
    const key = await keys.create(actor, id, { name: 'bench', scopes: ['ingest', 'read'] });
    organizationIds.push(id);
    apiKeys.push(key!.api_key);
  }
  await pool.end();
  return { url: url.href, organizationIds, apiKeys };
}

/** Milliseconds before a wait fails. */
const PATIENCE_MS = 120_000;

/**
 * Polls until `query` returns at least `expected`.
 * @returns when it did, milliseconds since the epoch
 * @throws when it takes too long
 */
export async function waitForCount(client: pg.Client, query: string, expected: number): Promise<number> {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    const { rows } = await client.query<{ n: string | null }>(query);
    if (Number(rows[0]?.n ?? 0) >= expected) return Date.now();
    if (Date.now() > deadline)
      throw new Error(`${rows[0]?.n} of ${expected} after ${PATIENCE_MS} ms: ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
