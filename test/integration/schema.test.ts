import { readFileSync } from 'node:fs';
import pg from 'pg';
import { TestDatabase } from '../support/test-database.js';

interface SchemaDump {
  dumpSchema(databaseUrl: string): Promise<string>;
}

const modulePath = '../../bin/schema/dump-schema.mjs';
const dump = async ({ url }: TestDatabase) => ((await import(modulePath)) as SchemaDump).dumpSchema(url);
const file = readFileSync(new URL('../../docs/schema.sql', import.meta.url), 'utf8');

describe('docs/schema.sql', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create();
  });

  afterAll(() => database?.drop());

  it('matches the migrations; after a new migration run `npm run schema`', async () => {
    expect(await dump(database)).toBe(file);
  });

  it('creates the same schema in an empty database', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      await client.query(file);
    } finally {
      await client.end();
    }
    expect(await dump(database)).toBe(file);
  });
});
