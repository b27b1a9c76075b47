import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { ApiKeyAdministration, OrganizationAdministration } from '#identity';
import { TESTER } from './tester.js';

/** An organization with an ingest key. */
export interface TestOrganization {
  readonly id: string;
  readonly apiKey: string;
}

/** The migrated database of one test file. */
export class TestDatabase {
  private constructor(
    /** As superuser. */
    readonly url: string,
    private readonly name: string,
  ) {}

  /** Clones the template; the first call of a run migrates it. */
  static async create(): Promise<TestDatabase> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await onServer(async (client) => {
      const template = await ensureTemplate(client);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    });
    return new TestDatabase(urlOf(name), name);
  }

  /** Without any migration. */
  static async createEmpty(): Promise<TestDatabase> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await onServer((client) => client.query(`CREATE DATABASE ${name}`));
    return new TestDatabase(urlOf(name), name);
  }

  async createOrganization(name: string): Promise<TestOrganization> {
    const pool = createPool({ databaseUrl: this.url, role: 'api', size: 1 });
    try {
      const { id } = await new OrganizationAdministration(pool).create(TESTER, name);
      const key = await new ApiKeyAdministration(pool).create(TESTER, id, {
        name,
        scopes: ['ingest', 'read'],
      });
      return { id, apiKey: key!.api_key };
    } finally {
      await pool.end();
    }
  }

  async drop(): Promise<void> {
    await onServer((client) => client.query(`DROP DATABASE ${this.name} WITH (FORCE)`));
  }
}

function urlOf(database: string): string {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`');
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Migrates under a temporary name: a template with the final name is complete. */
async function ensureTemplate(client: pg.Client): Promise<string> {
  const template = `template_${fingerprint()}`;
  await client.query(`SELECT pg_advisory_lock(hashtext('test template'))`);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount === 0) {
    const unfinished = `${template}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    // typeorm takes each test file a quarter of a second to load.
    const { migrate } = await import('../../apps/cli/src/migrate.js');
    await migrate(loadEnvironment({ DATABASE_URL: urlOf(unfinished) }));
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  }
  await client.query(`SELECT pg_advisory_unlock(hashtext('test template'))`);
  return template;
}

/** Hash of the migrations and the day, because partitions depend on the day. */
function fingerprint(): string {
  const folder = new URL('../../migrations/', import.meta.url);
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10));
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(new URL(file, folder)));
  return hash.digest('hex').slice(0, 16);
}
