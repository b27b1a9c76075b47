import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool, ensureEventPartitions } from '#database';
import { enforceRetention, ROWS_RULES } from '#retention';
import { closeDay } from '#segments';
import { eventually } from '../support/eventually.js';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const settings = (days: number) =>
  loadEnvironment({ DATABASE_URL: 'postgres://unused', EVENT_RETENTION_DAYS: String(days) });

describe('retention beside others', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let worker: TestWorker;
  let pool: pg.Pool;
  const random = Random.announced();

  beforeEach(async () => {
    database = await TestDatabase.create();
    owner = new pg.Pool({ connectionString: database.url, max: 2 });
    owner.on('error', () => {});
    worker = new TestWorker(database.url);
    pool = createPool({ databaseUrl: `${database.url}?application_name=retention`, role: 'worker', size: 2 });
  });

  afterEach(async () => {
    await pool?.end();
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const run = () => ({
    pool,
    signal: new AbortController().signal,
    pause: async (ms: number) => void (await sleep(ms)),
  });

  /** Asks again and again for a number, until told to stop; resolves with the largest. */
  const largest = (query: string) => {
    let isOver = false;
    const sampled = (async () => {
      let most = 0;
      while (!isOver) {
        const { rows } = await owner.query<{ n: number | null }>(query);
        most = Math.max(most, rows[0]!.n ?? 0);
        await sleep(2);
      }
      return most;
    })();
    return () => {
      isOver = true;
      return sampled;
    };
  };

  it('counts no event twice that is repeated while its day goes', async () => {
    const { id } = await database.createOrganization('Repeating');
    const events = countable(
      new RandomEvents(random)
        .events(600)
        .map((event) => ({ ...event, ts: new Date(today - random.integer(0, 12 * DAY_MS)).toISOString() })),
    );
    await worker.persist([batchOf(id, events)]);
    await worker.compact();
    for (const days of [12, 9, 5]) {
      await closeDay(pool, {
        from: new Date(today - days * DAY_MS),
        to: new Date(today - (days - 1) * DAY_MS),
      });
    }
    const totals = async () =>
      (await owner.query('SELECT sum(count) AS n FROM live_rollups WHERE window_seconds = 86400')).rows;
    const before = await totals();

    let isOver = false;
    let deadLettered = 0;
    const repeat = async () => {
      while (!isOver) {
        // A worker that has just started knows no event: only keys and horizons keep it from counting one again.
        const fresh = new TestWorker(database.url);
        const again = random.shuffle(events).slice(0, 40);
        const counts = await fresh.persist([batchOf(id, again)]).finally(() => fresh.end());
        expect(counts).toMatchObject({ stored: 0, duplicate: 40 - counts.deadLettered });
        deadLettered += counts.deadLettered;
      }
    };
    const repeating = Promise.all([repeat(), repeat()]);
    try {
      for (const days of [11, 8, 5, 2]) {
        // In turns, days of the organization alone go, and days of all.
        await owner.query(
          `UPDATE organizations SET settings = jsonb_build_object('event_retention_days', $1::int)`,
          [days],
        );
        await enforceRetention(run(), settings(random.chance(0.5) ? 20 : days), Date.now());
      }
    } finally {
      isOver = true;
      await repeating;
    }
    expect(deadLettered).toBeGreaterThan(0);
    expect(await totals()).toEqual(before);
    await expectNoDifference(database.url);
  });

  it('waits for who still stores events of a day, and deletes those too', async () => {
    const { id } = await database.createOrganization('In flight');
    await owner.query(`UPDATE organizations SET settings = '{"event_retention_days": 5}' WHERE id = $1`, [
      id,
    ]);
    await ensureEventPartitions(pool, 20, Date.now());
    const storing = await worker.pool.connect();
    await storing.query('BEGIN');
    await storing.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, payload)
       VALUES ($1, $2, now(), 'late', 'page_view', '{}')`,
      [id, new Date(today - 8 * DAY_MS)],
    );
    const enforced = enforceRetention(run(), settings(20), Date.now());
    const isWaiting = async () => {
      const { rowCount } = await owner.query(
        `SELECT FROM pg_locks WHERE relation = 'event_rows'::regclass AND mode = 'ShareLock' AND NOT granted`,
      );
      return rowCount === 1;
    };
    // It gives up soon, so that others are not held up, and tries again.
    await eventually('retention waits', isWaiting, 60_000, 2);
    await eventually('retention lets others go first', async () => !(await isWaiting()), 60_000, 2);
    await storing.query('COMMIT');
    storing.release();
    expect(await enforced).toMatchObject({ events: 1 });
    const { rows } = await owner.query('SELECT id FROM events');
    expect(rows).toEqual([]);
  });

  it('keeps a day on which an organization stores events that has come meanwhile', async () => {
    const { id } = await database.createOrganization('Brief');
    await owner.query(`UPDATE organizations SET settings = '{"event_retention_days": 5}' WHERE id = $1`, [
      id,
    ]);
    const source = new RandomEvents(random);
    const at = (days: number) =>
      countable(
        source.events(20).map((event) => ({ ...event, ts: new Date(today - days * DAY_MS).toISOString() })),
      );
    await worker.persist([batchOf(id, [...at(6), ...at(7), ...at(4)])]);
    let late: string | undefined;
    // The first pause is after the oldest day.
    const pause = async () => {
      if (late) return;
      ({ id: late } = await database.createOrganization('Late'));
      expect(await worker.persist([batchOf(late, at(6)), batchOf(id, at(6))])).toMatchObject({
        stored: 20,
        deadLettered: 20,
      });
    };
    expect(await enforceRetention({ ...run(), pause }, settings(20), Date.now())).toMatchObject({
      events: 40,
    });
    await expectNoDifference(database.url);
    const { rows } = await owner.query(
      'SELECT organization_id AS id, count(*)::int AS n FROM events GROUP BY 1',
    );
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: late, n: 20 },
        { id, n: 20 },
      ]),
    );
    // With a horizon of its own it keeps what it may.
    await enforceRetention(run(), settings(20), Date.now());
    expect(await worker.persist([batchOf(late!, at(15))])).toMatchObject({ stored: 20 });
    await expectNoDifference(database.url);
  });

  it('lets days be closed and people erased whose events are gone', async () => {
    const { id } = await database.createOrganization('Gone');
    const source = new RandomEvents(random);
    const at = (days: number, user: string) =>
      source.events(30).map((event) => ({
        ...event,
        ...{
          ts: new Date(today - days * DAY_MS).toISOString(),
          user_id: user,
          session_id: `${user}-${days % 2}`,
        },
      }));
    for (const days of [15, 14, 8, 7, 1]) {
      await worker.persist([batchOf(id, countable([...at(days, 'ada'), ...at(days, 'grace')]))]);
    }
    const day = (days: number) => ({
      from: new Date(today - days * DAY_MS),
      to: new Date(today - (days - 1) * DAY_MS),
    });
    for (const days of [15, 8]) await closeDay(pool, day(days));
    // Deltas of days that are gone are compacted later.
    await owner.query(`UPDATE organizations SET settings = '{"event_retention_days": 7}' WHERE id = $1`, [
      id,
    ]);
    await enforceRetention(run(), settings(10), Date.now());
    await worker.compact();
    await expectNoDifference(database.url);
    for (const days of [15, 14, 8]) {
      expect(await closeDay(pool, day(days))).toEqual({ events: 0, segments: 0 });
    }
    expect(await closeDay(pool, day(7))).toMatchObject({ events: 60 });
    await owner.query(
      `INSERT INTO erasures (organization_id, actor, user_ids) VALUES ($1, 'key:test', '{ada}')`,
      [id],
    );
    expect(await worker.erase()).toBe(true);
    const { rows } = await owner.query('SELECT user_id, count(*)::int AS n FROM events GROUP BY 1');
    expect(rows).toEqual([{ user_id: 'grace', n: 60 }]);
    const { rows: people } = await owner.query(
      `SELECT DISTINCT user_id FROM user_days UNION SELECT DISTINCT user_id FROM sessions ORDER BY 1`,
    );
    expect(people).toEqual([{ user_id: 'grace' }]);
    await expectNoDifference(database.url);
    // What was erased goes with its days, and the ledger still adds up.
    await enforceRetention(run(), settings(3), Date.now());
    await expectNoDifference(database.url);
  });

  it('drops 30 days while ingestion waits for less than 200 ms', async () => {
    const { id } = await database.createOrganization('Busy');
    const days = Array.from({ length: 30 }, (_, i) => 50 - i);
    await owner.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, payload)
       SELECT $1, $2::timestamptz - d * interval '1 day' + n * interval '1 minute', now(), 'e' || n, 'page_view', '{"page":"/"}'
       FROM generate_series(21, 50) AS d, generate_series(1, 1000) AS n`,
      [id, new Date(today)],
    );
    for (const day of days.slice(0, 20)) {
      await closeDay(pool, {
        from: new Date(today - day * DAY_MS),
        to: new Date(today - (day - 1) * DAY_MS),
      });
    }
    const source = new RandomEvents(random);
    let isOver = false;
    const took: number[] = [];
    const writing = (async () => {
      while (!isOver) {
        const batch = batchOf(
          id,
          countable(source.events(50)).map((event) => ({ ...event, ts: Date.now() })),
        );
        const began = performance.now();
        await worker.persist([batch]);
        took.push(performance.now() - began);
      }
    })();
    while (took.length < 100) await sleep(10);
    const usual = Math.max(...took.splice(0).slice(20));
    const stop = largest(
      `SELECT (extract(epoch FROM max(clock_timestamp() - waitstart)) * 1000)::float8 AS n FROM pg_locks
       WHERE NOT granted AND mode = 'RowExclusiveLock'`,
    );
    const counts = await enforceRetention(run(), settings(20), Date.now());
    isOver = true;
    await writing;
    const waited = await stop();
    expect(counts.events).toBe(30_000);
    const longest = Math.max(...took);
    process.stdout.write(
      `30 days dropped: ingestion waited ${waited.toFixed()} ms for locks; its longest transaction took ` +
        `${longest.toFixed()} ms, before ${usual.toFixed()} ms\n`,
    );
    expect(waited).toBeLessThan(200);
    // On a busy machine, a transaction that waits for nothing takes so long as well.
    expect(longest).toBeLessThan(200 + 3 * usual);
  });

  it('deletes in transactions of less than two seconds, however slow the disk is', async () => {
    const { id } = await database.createOrganization('Slow');
    await owner.query(
      `INSERT INTO user_days (organization_id, day, user_id)
       SELECT $1, $2::date - 400, 'user-' || n FROM generate_series(1, 900) AS n`,
      [id, new Date(today)],
    );
    // 500 rows, the first batch, would take 2.5 s.
    await owner.query(`
      CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.005); RETURN OLD; END $$;
      CREATE TRIGGER slow BEFORE DELETE ON user_days FOR EACH ROW EXECUTE FUNCTION slow()`);
    const stop = largest(
      `SELECT (extract(epoch FROM max(clock_timestamp() - xact_start)) * 1000)::float8 AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'retention' AND state <> 'idle'`,
    );
    const counts = await enforceRetention({ ...run(), pause: async () => {} }, settings(20), Date.now());
    const longest = await stop();
    expect(counts.user_days).toBe(900);
    process.stdout.write(`the longest transaction of retention took ${longest.toFixed()} ms\n`);
    expect(longest).toBeGreaterThan(500);
    expect(longest).toBeLessThan(2000);
  });

  it('reads by index what it deletes, and little else', async () => {
    const { id } = await database.createOrganization('Large');
    await owner.query(
      `WITH days AS (
         -- A tenth of each table has expired.
         SELECT n, $2::timestamptz - CASE WHEN n % 10 = 0 THEN 100 ELSE 2 END * interval '1 day' + n * interval '1 second' AS at
         FROM generate_series(1, 20000) AS n
       ), rollups AS (
         INSERT INTO rollups (organization_id, type, measure, window_seconds, bucket, dimensions, count)
         SELECT $1, 'type-' || n % 7, '', (ARRAY[60, 86400])[1 + n % 2], at, jsonb_build_object('n', n), 1 FROM days
       ), sessions AS (
         INSERT INTO sessions (organization_id, session_id, first_seen, last_seen, talked_seconds, events)
         SELECT $1, n, at, at, 0, 1 FROM days
       ), user_days AS (
         INSERT INTO user_days (organization_id, day, user_id) SELECT $1, at::date, n FROM days
       ), periods AS (
         INSERT INTO user_periods (organization_id, unit, period, user_id) SELECT $1, 'week', at::date, n FROM days
       ), ledger AS (
         INSERT INTO ledger SELECT $1, at, gen_random_uuid(), 1, 0, 1, 0, 'key:test', '::1' FROM days
       ), letters AS (
         INSERT INTO dead_letters (organization_id, batch_id, received_at, code, reason, event)
         SELECT $1, gen_random_uuid(), at, 'x', 'x', '{}' FROM days
       ), log AS (
         INSERT INTO audit_log (organization_id, at, actor, action)
         SELECT $1, at - interval '4 years' * (n % 10 = 0)::int, 'x', 'x' FROM days
       )
       INSERT INTO job_runs (job, slot) SELECT 'job-' || n % 3, at FROM days`,
      [id, new Date(today)],
    );
    const read = async () => {
      await owner.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await owner.query<{ name: string; scans: number; read: number }>(
        `SELECT t.relname AS name, t.seq_scan::int AS scans,
                (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes i WHERE i.relid = t.relid)::int AS read
         FROM pg_stat_user_tables t WHERE relname = ANY($1)`,
        [ROWS_RULES.map(({ table }) => table)],
      );
      return new Map(rows.map((row) => [row.name, row]));
    };
    const environment = loadEnvironment({
      DATABASE_URL: database.url,
      ...{ METRICS_RETENTION_DAYS: '60', MINUTE_ROLLUP_RETENTION_DAYS: '20', LEDGER_RETENTION_DAYS: '30' },
      ...{ EVENT_RETENTION_DAYS: '20' },
    });
    const own = createPool({ databaseUrl: database.url, role: 'worker', size: 1 });
    await own.query('SELECT pg_stat_force_next_flush()');
    const before = await read();
    const counts = await enforceRetention({ ...run(), pool: own }, environment, Date.now());
    await own.query('SELECT pg_stat_force_next_flush()');
    await own.end();
    const after = await read();
    for (const table of [
      'rollups',
      'sessions',
      'user_days',
      'user_periods',
      'ledger',
      'dead_letters',
      'audit_log',
      'job_runs',
    ]) {
      const rules = ROWS_RULES.filter((rule) => rule.table === table);
      const deleted = rules.reduce((sum, { name }) => sum + counts[name]!, 0);
      expect([table, deleted >= 1900]).toEqual([table, true]);
      const [a, b] = [before.get(table)!, after.get(table)!];
      expect([table, b.scans - a.scans]).toEqual([table, 0]);
      // The 18,000 others are not even looked at; each batch looks once more at where the last one stopped.
      expect([table, b.read - a.read < 2 * deleted + 2000]).toEqual([table, true]);
    }
  });
});
