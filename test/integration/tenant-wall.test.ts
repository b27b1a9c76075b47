import pg from 'pg';
import { builtInTypes, viewName } from '#catalog';
import { createPool, inTenant, READERS, ROLES } from '#database';
import { closeDay, filterRows } from '#segments';
import { unnamedTables } from '../house/tenant-statements.js';
import { tenantTables as walledTables } from '../house/tenant-tables.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase, type TestOrganization } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

/** Tables without an organization column, and why. */
const SHARED_TABLES: Readonly<Record<string, string>> = {
  answer_cache_hours: 'as query_hours',
  health_checks: 'about the installation',
  job_acts: 'what operators did with jobs',
  job_failures: 'as job_runs',
  job_runs: 'one run of a job serves all organizations',
  jobs: 'the jobs of the workers',
  migrations: 'TypeORM keeps them',
  performance_reports: 'about the installation',
  query_hours: 'how long queries took, of anybody',
  replicas: 'figures of processes, which serve all organizations',
  rate_limits: 'a library fixes the columns; its text key begins with the organization',
};
/** Views for those who read in SQL. */
const READERS_VIEWS = [
  'batches',
  'live_rollups',
  'live_sessions',
  'live_user_days',
  ...builtInTypes.map(viewName),
];
/** Unique keys without the organization, and why. */
const SHARED_KEYS: Readonly<Record<string, string>> = {
  api_keys_public_id_key:
    'a key is looked up before its organization is known; a distributed PostgreSQL copies this small table to every node',
};
/** Functions with statements that do not name the organization, and the tables they use. */
const UNNAMED_IN: Readonly<Record<string, readonly string[]>> = {
  // Inserts the organization without a list of columns.
  admit_series: ['admitted_series'],
  // Finds the organization by the key, then compares with a variable.
  present_key: ['api_keys', 'organizations'],
};

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;

describe('the wall between organizations', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let a: TestOrganization;
  let b: TestOrganization;
  /** With one connection, so that a leak from one request would show in the next. */
  let api: pg.Pool;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
    [a, b] = [await database.createOrganization('A'), await database.createOrganization('B')];
    const source = new RandomEvents(Random.announced());
    const batches = [a, b].map(({ id }) => batchOf(id, countable(source.events(200))));
    await worker.persist(batches);
    await worker.compact();
    await worker.persist([a, b].map(({ id }) => batchOf(id, countable(source.events(50)))));
    for (const { id } of [a, b]) await fillRest(id);
    await closeDay(worker.pool, { from: new Date(today - DAY_MS), to: new Date(today) });
    await filterRows(worker.pool, { before: new Date(today + 2 * DAY_MS), blockRows: 10 });
  });

  afterAll(async () => {
    await api?.end();
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  /** One row in each table that nothing above writes to. */
  async function fillRest(organizationId: string): Promise<void> {
    await owner.query(
      `INSERT INTO dead_letters (organization_id, batch_id, received_at, code, reason, event)
       VALUES ('${organizationId}', gen_random_uuid(), now(), '22P02', 'bad', '{}');
       INSERT INTO users (organization_id, external_id) VALUES ('${organizationId}', 'ada');
       INSERT INTO event_types (organization_id, name, revision, schema, dimensions, measures)
         VALUES ('${organizationId}', 'own', 1, '{}', '{}', '{}');
       INSERT INTO audit_log (organization_id, actor, action) VALUES ('${organizationId}', 'ada', 'test');
       INSERT INTO daily_metrics (organization_id, day, name, dimensions, value)
         VALUES ('${organizationId}', now(), 'dau', '{}', 1);
       INSERT INTO daily_metric_days VALUES ('${organizationId}', now(), '{}');
       INSERT INTO daily_metric_definitions (organization_id, name, definition)
         VALUES ('${organizationId}', 'own', '{}');
       INSERT INTO rejections (organization_id, bucket, code, events) VALUES ('${organizationId}', now(), 'unknown_type', 1);
       INSERT INTO horizons (organization_id, events_from, metrics_from, minutes_from)
         VALUES ('${organizationId}', '2020-01-01', '2020-01-01', '2020-01-01');
       INSERT INTO reports (organization_id, kind, period_start, content)
       VALUES ('${organizationId}', 'weekly', now(), '{}');
       INSERT INTO report_recipients (organization_id, email, kinds, created_by)
       VALUES ('${organizationId}', 'ada@example.com', '{weekly}', 'ada');
       INSERT INTO report_mails (organization_id, report_id, email, planned_at, next_attempt_at)
       VALUES ('${organizationId}', gen_random_uuid(), 'ada@example.com', now(), now());
       INSERT INTO alerts (organization_id, rule, name, state, summary, started_at)
       VALUES ('${organizationId}', 'x', 'x', 'firing', 'x', now());
       INSERT INTO alert_rules (organization_id, name, condition, for_seconds, enabled)
       VALUES ('${organizationId}', 'x', '{}', 0, true);
       INSERT INTO notification_channels (organization_id, name, kind, shown, target, secret)
       VALUES ('${organizationId}', 'x', 'webhook', 'x', 'x', 'x');
       INSERT INTO alert_notifications (organization_id, channel, message, created_at, due_at)
       VALUES ('${organizationId}', 'x', '{}', now(), now());
       INSERT INTO erasures (organization_id, actor, user_ids) VALUES ('${organizationId}', 'ada', '{}');
       INSERT INTO erased_deltas VALUES ('${organizationId}', 'x', now(), '[]');
       INSERT INTO erased_receipts VALUES ('${organizationId}', now(), 1);
       INSERT INTO exports (organization_id, id, request, erasures, expires_at)
       VALUES ('${organizationId}', '${organizationId}', '{}', 0, now());
       INSERT INTO export_parts VALUES ('${organizationId}', '${organizationId}', 0, '');`,
    );
  }

  const list = async (query: string) => {
    const { rows } = await owner.query<{ name: string }>(query);
    return rows.map(({ name }) => name);
  };

  /** Tables and views with rows of organizations: those that the API can read, or those that it cannot. */
  const tenantTables = (isReadable = true) =>
    list(`
      SELECT c.relname AS name FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        AND t.attname = 'organization_id' AND NOT t.attisdropped
        AND has_table_privilege('${ROLES.api}', c.oid, 'SELECT') = ${isReadable} ORDER BY 1`);

  it('covers every table and partition, even for the owner', async () => {
    const open = await list(`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'migrations'`);
    expect(open).toEqual([]);
    const partitions = await list(`SELECT inhrelid::regclass::text AS name FROM pg_inherits
      WHERE inhparent IN ('event_rows'::regclass, 'event_segments'::regclass)`);
    expect(partitions.length).toBeGreaterThan(90);
  });

  it('cannot be bypassed by the roles of the processes and of readers', async () => {
    const { rows } = await owner.query(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
              (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = ANY($1)`,
      [[...Object.values(ROLES), READERS]],
    );
    const nothing = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      owns: 0,
    };
    expect(rows).toEqual([nothing, nothing, nothing]);
  });

  it('is created by a migration for every table and view with an organization', async () => {
    const tables = await list(`SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition ORDER BY 1`);
    expect(tables).toEqual(
      [...walledTables().keys(), ...Object.keys(SHARED_TABLES), ...READERS_VIEWS].sort(),
    );
  });

  /** SQL for the column that names the organization, as attribute `t` of class `c`. */
  const ORGANIZATION = `pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND (
    t.attname = 'organization_id' OR (c.relname = 'organizations' AND t.attname = 'id'))`;

  it('includes the organization in every unique key, and first in the primary key', async () => {
    const others = await list(`
      SELECT i.indexrelid::regclass::text AS name FROM ${ORGANIZATION} JOIN pg_index i ON i.indrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
        AND (t.attnum <> ALL (i.indkey) OR (i.indisprimary AND i.indkey[0] <> t.attnum))`);
    expect(others).toEqual(Object.keys(SHARED_KEYS));
  });

  it('includes the organization in every foreign key, on both sides', async () => {
    const others = await list(`
      SELECT k.conname AS name FROM pg_constraint k
      WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM (SELECT c.oid, t.attnum FROM ${ORGANIZATION}) AS own,
                    (SELECT c.oid, t.attnum FROM ${ORGANIZATION}) AS other
        WHERE own.oid = k.conrelid AND other.oid = k.confrelid
          AND k.confkey[array_position(k.conkey, own.attnum)] = other.attnum)`);
    expect(others).toEqual([]);
  });

  it('consists of policies without a sub-SELECT', async () => {
    const nested = await list(`
      SELECT tablename || '.' || policyname AS name FROM pg_policies
      WHERE qual ILIKE '%select%' OR with_check ILIKE '%select%'`);
    expect(nested).toEqual([]);
  });

  it('gives readers SELECT and nothing else, where a policy of theirs confines them', async () => {
    const granted = await list(`
      SELECT DISTINCT c.relname AS name
      FROM pg_class c LEFT JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(coalesce(t.attacl, c.relacl)) AS a
      WHERE c.relkind IN ('r', 'p') AND a.grantee = '${READERS}'::regrole ORDER BY 1`);
    const confined = await list(`
      SELECT tablename AS name FROM pg_policies
      WHERE roles = ARRAY['${READERS}']::name[] AND cmd = 'SELECT' AND qual LIKE '%CURRENT_USER%' ORDER BY 1`);
    expect(granted).toEqual(confined);
    expect(confined).toEqual(expect.arrayContaining(['event_rows', 'event_segments', 'ledger', 'users']));
    const others = await list(`
      SELECT DISTINCT a.privilege_type AS name
      FROM pg_class c LEFT JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(coalesce(t.attacl, c.relacl)) AS a
      WHERE a.grantee = '${READERS}'::regrole`);
    expect(others).toEqual(['SELECT']);
  });

  it('is not the only check: functions also name the organization', async () => {
    const { rows } = await owner.query<{ name: string; body: string }>(
      `SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    const unnamed = rows.map(({ name, body }) => [name, unnamedTables(body, walledTables())] as const);
    expect(Object.fromEntries(unnamed.filter(([, tables]) => tables.length > 0))).toEqual(UNNAMED_IN);
  });

  it('shows no row without an organization', async () => {
    const tables = await tenantTables();
    expect(tables).toEqual(
      expect.arrayContaining(['events', 'event_segments', 'rollups', 'ledger', 'dead_letters', 'api_keys']),
    );
    for (const table of [...tables, 'organizations']) {
      const { rows } = await api.query(`SELECT * FROM ${table}`);
      expect([table, rows]).toEqual([table, []]);
    }
  });

  it('shows an organization its own rows and no others', async () => {
    for (const table of await tenantTables()) {
      const owned = await inTenant(api, a.id, (client) =>
        client.query<{ organization_id: string }>(`SELECT organization_id FROM ${table}`),
      );
      const organizations = new Set(owned.rows.map((row) => row.organization_id));
      expect([table, [...organizations]]).toEqual([table, [a.id]]);
    }
    const { rows } = await inTenant(api, a.id, (client) => client.query('SELECT id FROM organizations'));
    expect(rows).toEqual([{ id: a.id }]);
  });

  it('hides the counts of erased people from the API', async () => {
    const hidden = await tenantTables(false);
    expect(hidden).toEqual(expect.arrayContaining(['erased_deltas', 'erased_receipts']));
    for (const table of hidden) {
      const read = inTenant(api, a.id, (client) => client.query(`SELECT * FROM ${table}`));
      await expect(read).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('hides where channels lead, and their secrets, from the API', async () => {
    const read = (columns: string) =>
      inTenant(api, a.id, (client) =>
        client.query(`SELECT ${columns} FROM notification_channels WHERE organization_id = $1`, [a.id]),
      );
    expect((await read('name, kind, shown')).rows).toEqual([{ name: 'x', kind: 'webhook', shown: 'x' }]);
    for (const column of ['target', 'secret'])
      await expect(read(column)).rejects.toMatchObject({ code: '42501' });
  });

  it('prevents an organization from writing, changing or deleting rows of another', async () => {
    const insert = inTenant(api, a.id, (client) =>
      client.query(`INSERT INTO users (organization_id, external_id) VALUES ($1, 'intruder')`, [b.id]),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
    const changed = await inTenant(api, a.id, (client) =>
      client.query(`UPDATE users SET name = 'changed' WHERE organization_id = $1`, [b.id]),
    );
    const deleted = await inTenant(api, a.id, (client) =>
      client.query('DELETE FROM dead_letters WHERE organization_id = $1', [b.id]),
    );
    const moved = inTenant(api, a.id, (client) =>
      client.query('UPDATE users SET organization_id = $1', [b.id]),
    );
    await expect(moved).rejects.toMatchObject({ code: '42501' });
    expect([changed.rowCount, deleted.rowCount]).toEqual([0, 0]);
  });

  it('cannot be bypassed through a partition', async () => {
    const [partition] = await list(`SELECT inhrelid::regclass::text AS name FROM pg_inherits
      WHERE inhparent = 'event_rows'::regclass ORDER BY 1 DESC LIMIT 1`);
    const direct = inTenant(api, a.id, (client) => client.query(`SELECT * FROM ${partition}`));
    await expect(direct).rejects.toMatchObject({ code: '42501' });
    const granted = await list(`
      SELECT relname AS name FROM pg_class WHERE relispartition AND relkind IN ('r', 'p') AND EXISTS (
        SELECT FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE has_table_privilege('${ROLES.api}', oid, privilege))`);
    expect(granted).toEqual([]);
  });

  it('cannot be disabled by the role of the API', async () => {
    for (const act of [
      'ALTER POLICY tenant ON event_rows USING (true)',
      'DROP POLICY tenant ON event_segments',
      `CREATE POLICY open ON event_segments TO ${ROLES.api} USING (true)`,
      'ALTER TABLE event_rows DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE event_segments NO FORCE ROW LEVEL SECURITY',
      `ALTER ROLE ${ROLES.api} BYPASSRLS`,
      'CREATE TABLE own (organization_id uuid)',
      'CREATE VIEW own AS SELECT * FROM events',
    ]) {
      const attempt = inTenant(api, a.id, (client) => client.query(act));
      await expect(attempt.catch(({ code }) => [act, code])).resolves.toEqual([act, '42501']);
    }
    // A query that turns row security off is refused.
    const unconfined = inTenant(api, a.id, async (client) => {
      await client.query('SET LOCAL row_security = off');
      return client.query('SELECT * FROM events');
    });
    await expect(unconfined).rejects.toMatchObject({ code: '42501' });
  });

  it('prevents the API from rewriting the audit log', async () => {
    for (const act of ['UPDATE audit_log SET actor = $1', 'DELETE FROM audit_log WHERE actor <> $1']) {
      const attempt = inTenant(api, a.id, (client) => client.query(act, ['nobody']));
      await expect(attempt).rejects.toMatchObject({ code: '42501' });
    }
    const emptied = inTenant(api, a.id, (client) => client.query('TRUNCATE audit_log'));
    await expect(emptied).rejects.toMatchObject({ code: '42501' });
    const backdated = inTenant(api, a.id, (client) =>
      client.query(
        `INSERT INTO audit_log (organization_id, actor, action, at) VALUES ($1, 'x', 'x', '2020-01-01')`,
        [a.id],
      ),
    );
    await expect(backdated).rejects.toMatchObject({ code: '42501' });
  });

  it('prevents the API from changing keys and pseudonym secrets', async () => {
    for (const act of [
      `UPDATE api_keys SET secret_hash = ''`,
      `UPDATE api_keys SET scopes = '{admin}'`,
      `UPDATE organizations SET pseudonym_key = ''`,
    ]) {
      const attempt = inTenant(api, a.id, (client) => client.query(act));
      await expect(attempt).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('covers every view and function', async () => {
    const views = await list(`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)))`);
    expect(views).toEqual([]);
    // A SECURITY DEFINER function bypasses the wall: the worker may call it, the API may not.
    const definers = await list(`
      SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
        AND (has_function_privilege('${ROLES.api}', oid, 'EXECUTE')
             OR NOT coalesce(array_to_string(proconfig, ',') LIKE 'search\\_path=%', false))`);
    expect(definers).toEqual([]);
  });

  it('prevents the API from deleting events and counts', async () => {
    for (const table of [
      'event_rows',
      'event_segments',
      'row_blocks',
      'ledger',
      'rollups',
      'sessions',
      'user_days',
      'rollup_deltas',
    ]) {
      const write = inTenant(api, a.id, (client) => client.query(`DELETE FROM ${table}`));
      await expect(write).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('lets workers delete records of the ledger and the audit log only after 30 days', async () => {
    await owner.query(
      `INSERT INTO audit_log (organization_id, actor, action, at)
       SELECT '${a.id}', 'ada', 'aged', now() - n * interval '1 day' FROM unnest(ARRAY[29, 31]) AS n`,
    );
    const aged = () => list(`SELECT (now() - at)::text AS name FROM audit_log WHERE action = 'aged'`);
    await worker.pool.query(`DELETE FROM audit_log WHERE action = 'aged'`);
    expect(await aged()).toEqual([expect.stringMatching(/^29 days/)]);
    expect((await worker.pool.query('DELETE FROM ledger')).rowCount).toBe(0);
  });

  it('makes the audit log append-only for the API and the worker', async () => {
    for (const role of ['api', 'worker'] as const) {
      const pool = createPool({ databaseUrl: database.url, role, size: 1 });
      try {
        for (const act of [
          `UPDATE audit_log SET actor = 'x'`,
          ...(role === 'api' ? ['DELETE FROM audit_log'] : []),
          'TRUNCATE audit_log',
        ]) {
          const change = inTenant(pool, a.id, (client) => client.query(act));
          await expect(change).rejects.toMatchObject({ code: '42501' });
        }
      } finally {
        await pool.end();
      }
    }
  });

  it('is restored after every transaction, including a failed one', async () => {
    await inTenant(api, a.id, (client) => client.query('SELECT 1'));
    expect((await api.query('SELECT * FROM ledger')).rows).toEqual([]);
    await expect(inTenant(api, a.id, (client) => client.query('SELECT 1 / 0'))).rejects.toMatchObject({
      code: '22012',
    });
    expect((await api.query('SELECT * FROM ledger')).rows).toEqual([]);
    const thrown = inTenant(api, a.id, async () => {
      throw new Error('by the application');
    });
    await expect(thrown).rejects.toThrow('by the application');
    expect((await api.query('SELECT * FROM ledger')).rows).toEqual([]);
    await expect(
      inTenant(api, 'no uuid', (client) => client.query('SELECT * FROM ledger')),
    ).rejects.toThrow();
    expect((await api.query('SELECT * FROM ledger')).rows).toEqual([]);
  });

  it('holds while two organizations alternate on one connection', async () => {
    const seen = await Promise.all(
      [a, b, a, b].map(({ id }) =>
        inTenant(api, id, (client) => client.query('SELECT DISTINCT organization_id FROM events')),
      ),
    );
    expect(seen.map(({ rows }) => rows)).toEqual([a, b, a, b].map(({ id }) => [{ organization_id: id }]));
  });
});
