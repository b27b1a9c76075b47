import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool, ensureEventPartitions } from '#database';
import { enforceRetention } from '#retention';
import { closeDay } from '#segments';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const DAYS = 365;
/** Days between two batches of an organization. */
const STEP = 3;
const MONTH = 30;
/** Months until every table has what its setting keeps. */
const FULL_AFTER = 4;
const ORGANIZATIONS = 10;
/** Days between two runs, each with one day closed: daily ones would take the test minutes. */
const RUN_EVERY = 15;
const TIMEOUT_MS = 300_000;

/** Rows and megabytes by table, partitions together. */
type Sizes = ReadonlyMap<string, { readonly rows: number; readonly mb: number }>;

it(
  'keeps every table bounded through a year of ten organizations',
  async () => {
    const random = Random.announced();
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const worker = new TestWorker(database.url);
    const pool = createPool({ databaseUrl: database.url, role: 'worker', size: 1 });
    const settings = loadEnvironment({
      DATABASE_URL: database.url,
      ...{ EVENT_RETENTION_DAYS: '20', METRICS_RETENTION_DAYS: '60', MINUTE_ROLLUP_RETENTION_DAYS: '30' },
      ...{ LEDGER_RETENTION_DAYS: '60', AUDIT_LOG_RETENTION_DAYS: '60', DEAD_LETTER_RETENTION_DAYS: '30' },
      ...{ JOB_RUN_RETENTION_DAYS: '30', HEALTH_CHECK_RETENTION_DAYS: '30' },
    });

    const sizes = async (): Promise<Sizes> => {
      const { rows: tables } = await owner.query<{ name: string; mb: number }>(
        `SELECT coalesce(inhparent::regclass::text, relname) AS name, sum(pg_total_relation_size(c.oid))::float8 / 1e6 AS mb
       FROM pg_class c LEFT JOIN pg_inherits ON inhrelid = c.oid
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'migrations' GROUP BY 1`,
      );
      const { rows } = await owner.query<{ name: string; rows: number }>(
        tables
          .map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name}`)
          .join(' UNION ALL '),
      );
      const counts = new Map(rows.map((row) => [row.name, row.rows]));
      return new Map(tables.map(({ name, mb }) => [name, { rows: counts.get(name)!, mb }]));
    };

    try {
      const ids: string[] = [];
      for (let i = 0; i < ORGANIZATIONS; i++) {
        const { id } = await database.createOrganization(`Organization ${i}`);
        ids.push(id);
        await owner.query(
          `UPDATE organizations SET settings = jsonb_build_object('event_retention_days', $2::int) WHERE id = $1`,
          [id, 20 - (i % 5) * 4],
        );
      }
      const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAYS * DAY_MS;
      const event = (ts: number) => ({
        ...{ id: randomUUID(), ts: new Date(ts).toISOString(), type: 'page_view', payload: { page: '/' } },
        ...{ user_id: `user-${random.integer(1, 50)}`, session_id: `session-${ts}` },
      });
      const months: Sizes[] = [];
      for (let day = 0; day < DAYS; day += STEP) {
        const now = start + day * DAY_MS + DAY_MS / 2;
        if (day % RUN_EVERY === 0) await ensureEventPartitions(pool, 20, now + RUN_EVERY * DAY_MS);
        const batches = ids.map((id, i) => {
          const events = countable(
            [event(now), event(now - random.integer(0, 3 * DAY_MS)), event(now + 1)],
            now,
          );
          // Some are late for days that are gone.
          const late =
            day % MONTH === i * STEP ? [{ ...events[0]!, id: randomUUID(), ts: now - 25 * DAY_MS }] : [];
          return batchOf(id, [...events, ...late], { receivedAt: now });
        });
        await worker.persist(batches);
        await owner.query(
          `WITH known AS (SELECT unnest($1::uuid[]) AS id), log AS (
           INSERT INTO audit_log (organization_id, at, actor, action) SELECT id, $2, 'test', 'test' FROM known
         ), reports AS (
           INSERT INTO reports (organization_id, kind, period_start, content) SELECT id, 'daily', $2, '{}' FROM known
         ), metrics AS (
           INSERT INTO daily_metrics (organization_id, day, name, dimensions, value) SELECT id, $2::date, 'dau', '{}', 1 FROM known
         ), checks AS (
           INSERT INTO health_checks (slot, every_seconds, status, checks) VALUES ($2, 300, 'ok', '[]')
         )
         INSERT INTO job_runs (job, slot) VALUES ('test', $2)`,
          [ids, new Date(now)],
        );
        if (day % RUN_EVERY === RUN_EVERY - STEP) {
          await worker.compact();
          const from = start + (day - random.integer(1, RUN_EVERY)) * DAY_MS;
          await closeDay(pool, { from: new Date(from), to: new Date(from + DAY_MS) });
          await enforceRetention(
            { pool, signal: new AbortController().signal, pause: async () => {} },
            settings,
            now,
          );
        }
        if (day % MONTH === MONTH - STEP) {
          // What autovacuum does in a month.
          await owner.query('VACUUM');
          months.push(await sizes());
        }
      }
      const names = [...months[0]!.keys()].sort();
      const line = (name: string) =>
        `${name.padEnd(20)} ${months.map((month) => `${month.get(name)!.rows}`.padStart(7)).join('')}  ` +
        `${months.at(-1)!.get(name)!.mb.toFixed(1)} MB`;
      process.stdout.write(`rows by month, and megabytes at the end:\n${names.map(line).join('\n')}\n`);
      for (const name of names) {
        const rows = (month: Sizes) => month.get(name)!.rows;
        const full = Math.max(...months.slice(FULL_AFTER - 2, FULL_AFTER).map(rows));
        for (const month of months.slice(FULL_AFTER)) {
          expect([name, rows(month) <= 1.2 * full + 10]).toEqual([name, true]);
        }
      }
      const bytes = (month: Sizes) => [...month.values()].reduce((sum, { mb }) => sum + mb, 0);
      expect(bytes(months.at(-1)!)).toBeLessThan(1.2 * bytes(months[FULL_AFTER]!));
      await expectNoDifference(database.url);
    } finally {
      await pool.end();
      await worker.end();
      await owner.end();
      await database.drop();
    }
  },
  TIMEOUT_MS,
);
