import pg from 'pg';
import { createPool } from '#database';
import { type PerformanceReport, PerformanceReportsReadModel } from '#performance';
import { QueryHours, type QuerySums } from '../../apps/api/src/replicas/hours/query-hours.js';
import { QueryHoursStore } from '../../apps/api/src/replicas/hours/query-hours.store.js';
import { performanceReport } from '../../apps/worker/src/jobs/performance-report.job.js';
import { PerformanceReporter } from '../../apps/worker/src/performance/performance-reporter.js';
import { JobRunner } from '../../apps/worker/src/schedule/job-runner.js';
import { ManualClock } from '../support/manual-clock.js';
import { TestDatabase } from '../support/test-database.js';

const DAY_MS = 86_400_000;
const NOW = Date.now();
/** Extensions live in a schema of their own, as some operators want it. */
const EXTENSION = 'CREATE SCHEMA extensions; CREATE EXTENSION pg_stat_statements SCHEMA extensions';

describe('performance reports', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let pool: pg.Pool;
  let api: pg.Pool;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    pool = createPool({ databaseUrl: database.url, role: 'worker', size: 2 });
    api = createPool({ databaseUrl: database.url, role: 'api', size: 2 });
    await owner.query(`
      CREATE TABLE grows (id int PRIMARY KEY, text text) PARTITION BY RANGE (id);
      CREATE TABLE grows_1 PARTITION OF grows FOR VALUES FROM (0) TO (10000);
      CREATE TABLE grows_2 PARTITION OF grows FOR VALUES FROM (10000) TO (20000);
      CREATE TABLE rests (id int)`);
    await grow(0, 3000);
  });
  afterAll(async () => {
    await api?.end();
    await pool?.end();
    await owner?.end();
    await database?.drop();
  });

  beforeEach(() => owner.query('DELETE FROM performance_reports'));

  const grow = (from: number, to: number) =>
    owner.query(
      `INSERT INTO grows SELECT n, (SELECT string_agg(md5((n * 100 + i)::text), '') FROM generate_series(1, 100) i)
       FROM generate_series($1::int, $2::int - 1) n`,
      [from, to],
    );

  /** As one worker does at an instant. */
  async function report(now = NOW, diskPath?: string): Promise<PerformanceReport> {
    const client = await pool.connect();
    try {
      return await new PerformanceReporter(diskPath).report(client, now);
    } finally {
      client.release();
    }
  }

  const tableOf = ({ tables }: PerformanceReport, name: string) =>
    tables.find((table) => table.name === name)!;
  const indexOf = ({ indexes }: PerformanceReport, name: string) =>
    indexes.find((index) => index.name === name)!;

  /** Bytes of the leaves, by other functions than those of the report. */
  async function sizes(...leaves: string[]) {
    let [table, index] = [0, 0];
    for (const leaf of leaves) {
      const { rows } = await owner.query<{ total: string; key: string }>(
        `SELECT pg_total_relation_size($1::regclass) AS total, pg_total_relation_size(($1 || '_pkey')::regclass) AS key`,
        [leaf],
      );
      table += Number(rows[0]!.total) - Number(rows[0]!.key);
      index += Number(rows[0]!.key);
    }
    return { table, index };
  }

  it('have the sizes of all tables, with their partitions', async () => {
    const found = await report();
    const { table, index } = await sizes('grows_1', 'grows_2');
    expect(tableOf(found, 'grows')).toMatchObject({ partitions: 2, table_bytes: table, index_bytes: index });
    expect(indexOf(found, 'grows_pkey')).toMatchObject({ table: 'grows', bytes: index, is_unique: true });
    const names = found.tables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['event_rows', 'rollups', 'performance_reports', 'rests']));
    expect(names.filter((name) => /_\d{8}$|^grows_/.test(name))).toEqual([]);
    const total = found.tables.reduce((sum, one) => sum + one.table_bytes + one.index_bytes, 0);
    expect(total).toBeLessThan(found.database_bytes);
    const bySize = found.tables.map((one) => one.table_bytes + one.index_bytes);
    expect(bySize).toEqual([...bySize].sort((a, b) => b - a));
  });

  it('know growth once there is a report that is a day old', async () => {
    const first = await report(NOW - 2 * DAY_MS);
    expect([
      first.compared_with,
      first.growth_bytes_per_day,
      tableOf(first, 'grows').growth_bytes_per_day,
    ]).toEqual([null, null, null]);
    expect(first.disk.summary).toMatch(/DATABASE_DISK_PATH/);
    const soon = await report(NOW - 2 * DAY_MS + 1000, '/');
    expect(soon.disk.days_until_full).toBeNull();
    expect(soon.disk.summary).toMatch(/is known once there is a report that is a day old/);
    const before = await sizes('grows_1', 'grows_2');
    await grow(10_000, 14_000);
    const after = await sizes('grows_1', 'grows_2');
    const now = await report(NOW, '/');
    expect(now.compared_with).toBe(first.computed_at);
    expect(tableOf(now, 'grows').growth_bytes_per_day).toBe(
      Math.round((after.table + after.index - before.table - before.index) / 2),
    );
    expect(indexOf(now, 'grows_pkey').growth_bytes_per_day).toBe(
      Math.round((after.index - before.index) / 2),
    );
    expect(tableOf(now, 'rests').growth_bytes_per_day).toBe(0);
    const perDay = Math.round((now.database_bytes - first.database_bytes) / 2);
    expect(now.growth_bytes_per_day).toBe(perDay);
    expect(now.disk.days_until_full).toBe(Math.floor(now.disk.free_bytes! / perDay));
  });

  it('have the share of dead rows', async () => {
    await owner.query('CREATE TABLE dies (id int) WITH (autovacuum_enabled = off)');
    await owner.query('INSERT INTO dies SELECT generate_series(1, 1000)');
    await owner.query('DELETE FROM dies WHERE id <= 250');
    await owner.query('SELECT pg_stat_force_next_flush()');
    await owner.query('SELECT 1');
    expect(tableOf(await report(), 'dies')).toMatchObject({
      live_rows: 750,
      dead_rows: 250,
      dead_ratio: 0.25,
    });
  });

  it('have the queries that all replicas of the API answered', async () => {
    const buckets = (fast: number, slow: number) =>
      Array.from({ length: 13 }, (_, i) => (i < 8 ? fast : fast + slow));
    const route = (seconds: number, upTo: number[]) => ({
      route: '/v1/events',
      method: 'GET',
      seconds,
      upTo,
    });
    let sums: QuerySums = { routes: [route(3, buckets(19, 1))], hits: 3, misses: 1 };
    const replicas = [1, 2].map(() => new QueryHours(new QueryHoursStore(api), () => sums));
    await Promise.all(replicas.map((replica) => replica.write()));
    sums = { routes: [route(5, buckets(19, 3))], hits: 3, misses: 1 };
    // Nothing has grown since, the second time.
    for (let i = 0; i < 2; i++) await Promise.all(replicas.map((replica) => replica.write()));
    await owner.query(
      `INSERT INTO query_hours VALUES (now() - interval '26 hours', 'GET', '/v1/ledger', 9, $1)`,
      [buckets(9, 0)],
    );
    const found = await report();
    expect(found.queries).toEqual([
      { method: 'GET', route: '/v1/events', requests: 44, avg_ms: 227.273, p95_ms: 500, total_ms: 10_000 },
    ]);
    expect(found.cache.answer_hit_ratio).toBe(0.75);
  });

  it('have the statements of PostgreSQL where it counts them', async () => {
    expect((await report()).statements).toBeNull();
    await owner.query(EXTENSION);
    await owner.query('SELECT extensions.pg_stat_statements_reset()');
    for (let i = 0; i < 3; i++)
      await owner.query(`SELECT count(*) FROM grows WHERE text LIKE 'secret-${i}%'`);
    const { statements } = await report();
    expect(statements!.hidden).toBe(0);
    expect(new Date(statements!.since).toISOString()).toBe(statements!.since);
    const counted = statements!.slowest.find(({ query }) => query.includes('FROM grows WHERE text LIKE'));
    expect(counted).toMatchObject({
      calls: 3,
      rows: 3,
      avg_ms: expect.any(Number),
      max_ms: expect.any(Number),
    });
    expect(counted!.avg_ms).toBeCloseTo(counted!.total_ms / 3);
    expect(JSON.stringify(statements)).not.toContain('secret-');
    await owner.query('DROP SCHEMA extensions CASCADE');
    expect((await report()).statements).toBeNull();
  });

  it('are stored once for a slot, and the newest is found', async () => {
    const clock = new ManualClock(NOW);
    const environment = { DATABASE_DISK_PATH: '/' };
    const runner = new JobRunner(
      [performanceReport],
      pool,
      () => environment,
      clock,
      new AbortController().signal,
    );
    const run = (slot: number) => runner.run('performance-report', { slot, payload: undefined });
    const counts = { findings: expect.any(Number), tables: expect.any(Number), indexes: expect.any(Number) };
    expect(await Promise.all([run(NOW), run(NOW)])).toEqual([counts, counts]);
    await clock.advance(DAY_MS);
    await run(NOW + DAY_MS);
    const reports = new PerformanceReportsReadModel(api);
    const list = await reports.list(9, null);
    expect(list.map(({ computed_at }) => Date.parse(computed_at))).toEqual([NOW + DAY_MS, NOW]);
    expect(await reports.list(9, NOW + DAY_MS)).toEqual(list.slice(1));
    expect(await reports.find()).toEqual(await reports.find(list[0]!.id));
    expect(list[0]).toMatchObject({ growth_bytes_per_day: expect.any(Number), findings: expect.any(Array) });
  });
});
