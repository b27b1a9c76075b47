import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { BuiltProcess } from './built-process.js';

const DUPLICATE_DATABASE = '42P04';

/** The database of one test file. */
export interface E2eDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Clones a migrated template: 0.2 s instead of 2 s for migrating. */
export async function createDatabase(server: string): Promise<E2eDatabase> {
  const name = `millrace_e2e_${randomBytes(6).toString('hex')}`;
  const template = await migratedTemplate(server);
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: urlOf(server, name),
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Creates the template once per build, under a temporary name until it is complete. */
async function migratedTemplate(server: string): Promise<string> {
  const built = statSync(join(process.cwd(), 'dist/.built')).mtimeMs;
  const template = `millrace_e2e_template_${createHash('md5').update(String(built)).digest('hex').slice(0, 12)}`;
  const unfinished = `${template}_${randomBytes(4).toString('hex')}`;
  if (await exists(server, template)) return template;
  await onServer(server, `CREATE DATABASE ${unfinished}`);
  await BuiltProcess.run('apps/cli/src/main.js', { DATABASE_URL: urlOf(server, unfinished) }, ['migrate']);
  try {
    await onServer(server, `ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
    await onServer(server, `DROP DATABASE ${unfinished}`);
  }
  return template;
}

const exists = (server: string, name: string) =>
  withClient(server, async (client) => {
    const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    return rows.length > 0;
  });

const onServer = (server: string, statement: string) =>
  withClient(server, async (client) => {
    await client.query(statement);
  });

async function withClient<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
