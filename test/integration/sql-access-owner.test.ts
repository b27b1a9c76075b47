import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { builtInTypes } from '#catalog';
import { loadEnvironment } from '#config';
import { createPool, READERS, ROLES } from '#database';
import { OrganizationAdministration } from '#identity';
import { replaceEventViews } from '../../apps/cli/src/event-views/event-views.store.js';
import { migrate } from '../../apps/cli/src/migrate.js';
import { SqlReaders1796300000000 } from '../../migrations/1796300000000-sql-readers.js';
import { SqlFigures1796300000001 } from '../../migrations/1796300000001-sql-figures.js';
import { TestDatabase } from '../support/test-database.js';
import { TestReader } from '../support/test-reader.js';
import { TESTER } from '../support/tester.js';

describe('SQL access of an owner who is no superuser', () => {
  const owner = `owner_${randomBytes(6).toString('hex')}`;
  let database: TestDatabase;
  let superuser: pg.Client;
  let url: string;
  let organizationId: string;

  beforeAll(async () => {
    // Another database has been migrated before, so that the roles exist.
    await (await TestDatabase.create()).drop();
    database = await TestDatabase.createEmpty();
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
    const name = new URL(database.url).pathname.slice(1);
    await superuser.query(`
      CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'owner';
      ALTER DATABASE ${name} OWNER TO ${owner};
      ALTER SCHEMA public OWNER TO ${owner};
      GRANT ${ROLES.api}, ${ROLES.worker}, ${READERS} TO ${owner} WITH ADMIN OPTION`);
    const own = new URL(database.url);
    own.username = owner;
    own.password = 'owner';
    url = own.href;
    await migrate(loadEnvironment({ DATABASE_URL: url }));
    const pool = createPool({ databaseUrl: url, role: 'api', size: 1 });
    organizationId = (await new OrganizationAdministration(pool).create(TESTER, 'Owned')).id;
    await pool.end();
  });

  afterAll(async () => {
    await superuser?.end();
    await database?.drop();
    const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL! });
    await server.connect();
    await server.query(`DROP OWNED BY ${owner}; DROP ROLE ${owner}`);
    await server.end();
  });

  it('waits for what only a superuser can do, and works then', async () => {
    const refused = await TestReader.create(url, organizationId).catch((error: Error) => error.message);
    expect(refused).toMatch(/^A superuser has to run this in the database once:\n/);
    const [, ...statements] = (refused as string).split('\n');
    await superuser.query(statements.join('\n'));

    const access = await TestReader.create(url, organizationId);
    const reader = await access.connect();
    const { rows } = await reader.query('SELECT current_organization() AS id');
    expect(rows).toEqual([{ id: organizationId }]);
    const ended = new Promise<void>((resolve) => reader.on('end', resolve));
    // As the loop of the workers, whose function runs with the rights of this owner.
    await reader.query('BEGIN');
    await reader.query('SELECT 1');
    const worker = createPool({ databaseUrl: url, role: 'worker', size: 1 });
    expect((await worker.query(`SELECT end_long_reads('0 s') AS ended`)).rows).toEqual([{ ended: 1 }]);
    await worker.end();
    await ended;
    expect(await access.revoke()).toBe(true);
  });

  it('migrates back and forth', async () => {
    const source = new DataSource({ type: 'postgres', url });
    await source.initialize();
    const runner = source.createQueryRunner();
    const own = new pg.Client({ connectionString: url });
    await own.connect();
    const count = async () => {
      const { rows } = await superuser.query<{ count: number }>(
        `SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v')::integer
              + (SELECT count(*) FROM pg_policies WHERE policyname = 'reader')::integer
              + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)::integer AS count`,
      );
      return rows[0]!.count;
    };
    try {
      const [readers, figures] = [new SqlReaders1796300000000(), new SqlFigures1796300000001()];
      const before = await count();
      await figures.down(runner);
      await readers.down(runner);
      const { rows } = await superuser.query(
        `SELECT relname FROM pg_class WHERE has_any_column_privilege($1, oid, 'SELECT') AND relnamespace = 'public'::regnamespace`,
        [READERS],
      );
      expect(rows).toEqual([]);
      expect(await count()).toBeLessThan(before - 40);
      await readers.up(runner);
      await figures.up(runner);
      await replaceEventViews(own, builtInTypes);
      expect(await count()).toBe(before);
    } finally {
      await own.end();
      await runner.release();
      await source.destroy();
    }
  });
});
