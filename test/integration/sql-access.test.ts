import pg from 'pg';
import { READER_LIMITS, READERS, ROLES } from '#database';
import { closeDay, filterRows } from '#segments';
import { endLongReads } from '../../apps/worker/src/readers/long-reads.store.js';
import { eventually } from '../support/eventually.js';
import { openPolicies } from '../support/open-policies.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase, type TestOrganization } from '../support/test-database.js';
import { TestReader } from '../support/test-reader.js';
import { TestWorker } from '../support/test-worker.js';

const DENIED = '42501';
const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;

/** Tables and views without an organization: none of them is shown. */
const READABLE = [
  'activity_deltas',
  'batches',
  'daily_metrics',
  'event_blocks',
  'event_rows',
  'event_segments',
  'events',
  'ledger',
  'live_rollups',
  'live_sessions',
  'live_user_days',
  'rejections',
  'rollup_deltas',
  'rollups',
  'row_blocks',
  'sessions',
  'user_days',
  'users',
];

describe('a reader in SQL', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let a: TestOrganization;
  let b: TestOrganization;
  let access: TestReader;
  let other: TestReader;
  let reader: pg.Client;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    [a, b] = [await database.createOrganization('A'), await database.createOrganization('B')];
    const source = new RandomEvents(Random.announced());
    await worker.persist([a, b].map(({ id }) => batchOf(id, countable(source.events(300)))));
    await worker.compact();
    await worker.persist([a, b].map(({ id }) => batchOf(id, countable(source.events(100)))));
    await closeDay(worker.pool, { from: new Date(today - DAY_MS), to: new Date(today) });
    await filterRows(worker.pool, { before: new Date(today + 2 * DAY_MS), blockRows: 10 });
    for (const { id } of [a, b]) {
      await owner.query(`INSERT INTO users (organization_id, external_id) VALUES ($1, 'ada')`, [id]);
      await owner.query(
        `INSERT INTO rejections (organization_id, bucket, code, events) VALUES ($1, now(), 'unknown_type', 1)`,
        [id],
      );
      await owner.query(
        `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value) VALUES ($1, now(), 'dau', '{}', 1)`,
        [id],
      );
    }
    access = await TestReader.create(database.url, a.id);
    other = await TestReader.create(database.url, b.id);
    reader = await access.connect();
  });

  afterAll(async () => {
    await reader?.end();
    await access?.revoke();
    await other?.revoke();
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const names = async (client: pg.Client, query: string, values: readonly unknown[] = []) => {
    const { rows } = await client.query<{ name: string }>(query, [...values]);
    return rows.map(({ name }) => name);
  };

  /** Everything that the role can read in any column. */
  const readable = () =>
    names(
      owner,
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')
         AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege($1, oid, 'SELECT')
         AND has_schema_privilege($1, relnamespace, 'USAGE')
       ORDER BY relname COLLATE "C"`,
      [access.role],
    );

  /** SQLSTATE of a statement that fails, in a session of its own. */
  async function refusal(...statements: string[]): Promise<string | undefined> {
    const client = await access.connect();
    try {
      for (const statement of statements) await client.query(statement);
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await client.end();
    }
  }

  /** Organizations of the rows that a session sees after some statements. */
  async function organizationsAfter(...statements: string[]): Promise<string[]> {
    const client = await access.connect();
    try {
      for (const statement of statements) await client.query(statement);
      const seen = await Promise.all(
        (await readable()).map((table) =>
          names(client, `SELECT DISTINCT organization_id AS name FROM ${table}`),
        ),
      );
      return [...new Set(seen.flat())];
    } finally {
      await client.end();
    }
  }

  it('sees all rows of its organization, and of no other', async () => {
    const tables = await readable();
    expect(tables).toEqual(expect.arrayContaining([...READABLE, 'command_executions', 'user_metrics']));
    for (const table of tables) {
      const count = `SELECT organization_id, count(*)::integer AS rows FROM ${table}`;
      const all = await owner.query(`${count} WHERE organization_id = $1 GROUP BY 1`, [a.id]);
      const seen = await reader.query(`${count} GROUP BY 1`);
      expect([table, seen.rows]).toEqual([table, all.rows]);
      expect([table, seen.rowCount]).toEqual([table, 1]);
    }
  });

  it.each([
    ['the setting that the API uses', () => [`SET app.current_org_id = '${b.id}'`]],
    ['the same by function', () => [`SELECT set_config('app.current_org_id', '${b.id}', false)`]],
    ['a search path of its own', () => ['SET search_path = pg_temp, public']],
  ])('sees the same after setting %s', async (_what, statements) => {
    expect(await organizationsAfter(...statements())).toEqual([a.id]);
  });

  it('sees nothing as the group of all readers', async () => {
    expect(
      await organizationsAfter('SET ROLE millrace_reader', `SET app.current_org_id = '${b.id}'`),
    ).toEqual([]);
  });

  it('finds nothing of another organization through functions', async () => {
    const [session] = await names(
      owner,
      'SELECT session_id AS name FROM live_sessions WHERE organization_id = $1 ORDER BY 1 DESC LIMIT 1',
      [b.id],
    );
    await owner.query(
      `UPDATE sessions SET session_id = 'of b' WHERE organization_id = $1 AND session_id = $2`,
      [b.id, session],
    );
    for (const query of [
      `SELECT * FROM events_between('${b.id}', '-infinity', 'infinity')`,
      `SELECT * FROM events_of_users('${b.id}', '-infinity', 'infinity', '{ada}')`,
      `SELECT payloads_between('${b.id}', '-infinity', 'infinity', 'page_view')`,
      `SELECT * FROM get_session_details('of b')`,
      `SELECT * FROM live_sessions WHERE session_id = 'of b'`,
      // Would divide by zero if the condition saw the row.
      `SELECT 1 / CASE WHEN session_id = 'of b' THEN 0 ELSE 1 END FROM sessions WHERE session_id = 'of b'`,
      `SELECT * FROM sessions WHERE 1 / CASE WHEN session_id = 'of b' THEN 0 ELSE 1 END = 0`,
    ]) {
      const { rows } = await reader.query(query);
      expect([query, rows]).toEqual([query, []]);
    }
  });

  it.each([
    'SELECT * FROM api_keys',
    'SELECT * FROM audit_log',
    'SELECT * FROM organizations',
    'SELECT * FROM erasures',
    'SELECT * FROM dead_letters',
    'SELECT actor FROM ledger',
    'SELECT * FROM migrations',
    'SELECT * FROM bullmq.job',
    `SELECT * FROM present_key('x')`,
    'SELECT * FROM pg_authid',
    'SELECT * FROM pg_statistic',
    'SELECT pg_read_file($$/etc/passwd$$)',
    `SELECT pg_ls_dir('.')`,
    `COPY events TO PROGRAM 'cat'`,
    `COPY (SELECT 1) TO '/tmp/x'`,
    `SELECT lo_import('/etc/passwd')`,
    `SELECT begin_closing('2020-01-01')`,
    `SELECT ensure_event_partitions('2020-01-01', '2020-01-01')`,
    `SELECT admit_series('{}', '{}', '{}', '{}', 1)`,
    `SELECT end_long_reads('0 s')`,
    `SELECT pg_reload_conf()`,
    `LOAD 'auto_explain'`,
  ])('may not %s', async (statement) => {
    expect(await refusal(statement)).toBe(DENIED);
  });

  it.each([
    ...Object.values(ROLES).map((role) => `SET ROLE ${role}`),
    'SET ROLE NONE; SET SESSION AUTHORIZATION DEFAULT; SET SESSION AUTHORIZATION millrace_api',
    'INSERT INTO users (organization_id, external_id) SELECT organization_id, $$x$$ FROM users',
    'UPDATE sessions SET events = 0',
    'DELETE FROM event_rows',
    'TRUNCATE event_segments',
    'SELECT * FROM users FOR UPDATE',
    'BEGIN; LOCK TABLE event_rows IN ROW EXCLUSIVE MODE',
    'CREATE EXTENSION pg_trgm',
    'CREATE TABLE own (x integer)',
    'CREATE TEMPORARY TABLE own (x integer)',
    'CREATE SCHEMA own',
    'CREATE VIEW own AS SELECT * FROM events',
    'CREATE FUNCTION own() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE FUNCTION pg_temp.own() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE ROLE own',
    'ALTER ROLE CURRENT_USER BYPASSRLS',
    'ALTER ROLE CURRENT_USER CONNECTION LIMIT 100',
    `ALTER ROLE ${ROLES.api} PASSWORD 'x'`,
    `GRANT ${ROLES.api} TO CURRENT_USER`,
    'ALTER TABLE event_rows DISABLE ROW LEVEL SECURITY',
    'DROP POLICY reader ON event_rows',
    'CREATE POLICY own ON event_rows USING (true)',
    'ALTER VIEW events SET (security_invoker = false)',
    'SELECT pg_advisory_lock(1)',
    `SELECT pg_try_advisory_xact_lock(hashtext('compact'), 1)`,
    'SELECT pg_advisory_lock_shared(1)',
    'SELECT lo_create(0)',
    `SELECT lo_from_bytea(0, 'x')`,
    `SELECT pg_logical_emit_message(false, 'x', 'x')`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'millrace'`,
    'SET temp_file_limit = -1',
    'ALTER ROLE CURRENT_USER SET temp_file_limit = -1',
    'SET session_replication_role = replica',
    'SET log_statement = none',
  ])('may not %s, even after allowing itself to write', async (statement) => {
    expect(await refusal('SET default_transaction_read_only = off', statement)).toBe(DENIED);
  });

  it('cannot turn row-level security off', async () => {
    expect(await refusal('SET row_security = off', 'SELECT * FROM events')).toBe(DENIED);
  });

  it('cannot become another reader', async () => {
    expect(await refusal(`SET ROLE ${other.role}`)).toBe(DENIED);
    const change = `ALTER ROLE ${other.role} PASSWORD 'x'`;
    expect(await refusal('SET default_transaction_read_only = off', change)).toBe(DENIED);
  });

  it('cannot read a partition directly', async () => {
    const partitions = await names(
      owner,
      `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')
         AND has_any_column_privilege($1, oid, 'SELECT')`,
      [access.role],
    );
    expect(partitions).toEqual([]);
  });

  it('may call no function that runs with the rights of its owner', async () => {
    const definers = await names(
      owner,
      `SELECT oid::regprocedure::text AS name FROM pg_proc
       WHERE prosecdef AND has_function_privilege($1, oid, 'EXECUTE')`,
      [access.role],
    );
    expect(definers).toEqual([]);
  });

  it('does not see statistics of the values, nor queries of others', async () => {
    await owner.query('ANALYZE');
    const statistics = await reader.query(`SELECT FROM pg_stats WHERE schemaname = 'public'`);
    expect(statistics.rowCount).toBe(0);
    const queries = await reader.query(
      `SELECT DISTINCT query FROM pg_stat_activity WHERE usename <> current_user AND query <> ''`,
    );
    expect(queries.rows).toEqual([{ query: '<insufficient privilege>' }]);
  });

  it('cannot connect to another database of Millrace', async () => {
    const second = await TestDatabase.create();
    const { id } = await second.createOrganization('C');
    const third = await TestReader.create(second.url, id);
    try {
      const url = new URL(access.url);
      url.pathname = new URL(second.url).pathname;
      const client = new pg.Client({ connectionString: url.href });
      await expect(client.connect()).rejects.toMatchObject({ code: DENIED });
      expect(access.otherDatabases).toContain('postgres');
      expect(third.otherDatabases).not.toContain(new URL(database.url).pathname.slice(1));
    } finally {
      await third.revoke();
      await second.drop();
    }
  });

  it('has limits by default', async () => {
    const setting = async (name: string) => (await reader.query(`SHOW ${name}`)).rows[0][name];
    expect(await setting('statement_timeout')).toBe('30s');
    expect(await setting('default_transaction_read_only')).toBe('on');
    expect(
      await refusal('SET default_transaction_read_only = off', 'ALTER ROLE CURRENT_USER RESET ALL'),
    ).toBeUndefined();
    const later = await access.connect();
    expect((await later.query('SHOW temp_file_limit')).rows).toEqual([{ temp_file_limit: '512MB' }]);
    await later.end();
    const connections: pg.Client[] = [];
    try {
      const open = async () => {
        for (let i = 0; i < READER_LIMITS.connections; i++) connections.push(await access.connect());
      };
      await expect(open()).rejects.toMatchObject({ code: '53300' });
    } finally {
      await Promise.all(connections.map((client) => client.end()));
    }
  });

  it('is cut off when its transaction takes too long, whatever it has set', async () => {
    const client = await access.connect();
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    const endless = client.query('SELECT pg_sleep(600)').catch(({ code }) => code);
    expect(await endLongReads(worker.pool, READER_LIMITS.transactionMs)).toBe(0);
    await eventually('it is ended', async () => (await endLongReads(worker.pool, 100)) === 1);
    expect(await endless).toBe('57P01');
    await ended;
  });

  it('loses its connections and its login when access is revoked', async () => {
    const { id } = await database.createOrganization('D');
    const revoked = await TestReader.create(database.url, id);
    const client = await revoked.connect();
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    expect(await revoked.revoke()).toBe(true);
    await ended;
    await expect(revoked.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(await revoked.revoke()).toBeNull();
    const acts = await names(
      owner,
      `SELECT action AS name FROM audit_log WHERE organization_id = $1 AND action LIKE 'sql%' ORDER BY id`,
      [id],
    );
    expect(acts).toEqual(['sql_access.create', 'sql_access.revoke']);
  });

  it('gets answers about its organization from functions, even if policies let everything through', async () => {
    await openPolicies(owner, READERS);
    const sees = async (query: string) => names(reader, `SELECT DISTINCT ${query}`);
    expect(await sees('organization_id AS name FROM rollups')).toHaveLength(2);
    for (const source of [`events('-infinity')`, `page_views('-infinity')`, `events_of_user('ada')`]) {
      expect([source, await sees(`organization_id AS name FROM ${source}`)]).toEqual([source, [a.id]]);
    }
    expect((await reader.query(`SELECT * FROM get_session_details('of b')`)).rows).toEqual([]);
    const count = async (client: pg.Client, query: string) => (await client.query(query)).rows[0].n;
    expect(await count(reader, `SELECT session_count AS n FROM aggregate_user_metrics('ada')`)).toBe(
      await count(
        owner,
        `SELECT count(*) AS n FROM live_sessions WHERE organization_id = '${a.id}' AND user_id = 'ada'`,
      ),
    );
  });
});
