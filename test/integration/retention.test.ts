import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { CountableEvent } from '#batch';
import { loadEnvironment } from '#config';
import { createPool, ensureEventPartitions } from '#database';
import { NO_ORGANIZATION } from '#identity';
import { EVENT_TABLES, enforceRetention, ROWS_RULES, surveyRetention } from '#retention';
import { closeDay } from '#segments';
import { UsageError } from '../../apps/cli/src/arguments/usage-error.js';
import { retentionCommand } from '../../apps/cli/src/retention.js';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const midnight = (instant: number) => Math.floor(instant / DAY_MS) * DAY_MS;

/** An organization and all that it ever had counted. */
interface Tenant {
  readonly id: string;
  days: number;
  horizon: number;
  /** By identity. */
  readonly stored: Map<string, CountableEvent>;
  readonly gone: CountableEvent[];
  counted: number;
}

/** Tables without a rule, and why. */
const KEPT_FOR_EVER: Readonly<Record<string, string>> = {
  activity_deltas: 'compaction empties it',
  alert_rules: 'what an organization wants to be told',
  api_keys: 'a revoked key stays in the list of keys',
  daily_metric_definitions: 'what an organization wants to know',
  erasures: 'proves that people were erased',
  event_types: 'says how stored events were counted',
  export_parts: 'go with their export',
  exports: 'have an expiry of their own',
  horizons: 'a row per organization; never lowered',
  jobs: 'a row per job; workers delete those that are no more',
  migrations: 'TypeORM keeps them',
  notification_channels: 'how an organization wants to be told',
  organizations: 'what all others belong to',
  rate_limits: 'rows have an expiry of their own',
  replicas: 'a row per running process',
  report_recipients: 'who gets reports by mail; an organization removes them',
  rollup_deltas: 'compaction empties it',
  user_first_days:
    'a row for each user ever seen, so that nobody is new twice: a day and an id, some 80 bytes; an erasure deletes it',
  users: 'what an organization says about its people; an erasure deletes them',
};

describe('retention', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let pool: pg.Pool;
  const random = Random.announced('events and days');
  const environment = loadEnvironment({
    DATABASE_URL: 'postgres://unused',
    EVENT_RETENTION_DAYS: '20',
    METRICS_RETENTION_DAYS: '60',
    MINUTE_ROLLUP_RETENTION_DAYS: '25',
    LEDGER_RETENTION_DAYS: '30',
  });

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    pool = createPool({ databaseUrl: database.url, role: 'worker', size: 2 });
  });

  afterAll(async () => {
    await pool?.end();
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const run = () => ({ pool, signal: new AbortController().signal, pause: async () => {} });

  const keep = (id: string, days: number) =>
    owner.query(
      `UPDATE organizations SET settings = jsonb_build_object('event_retention_days', $2::int) WHERE id = $1`,
      [id, days],
    );

  const identity = ({ ts, id }: CountableEvent) => `${ts} ${id}`;

  const storedOf = async (id: string) => {
    const { rows } = await owner.query<{ identity: string }>(
      `SELECT (extract(epoch FROM ts) * 1000)::bigint || ' ' || id AS identity FROM events
       WHERE organization_id = $1 ORDER BY 1`,
      [id],
    );
    return rows.map((row) => row.identity);
  };

  /** Hashes of all totals of the past, in windows that are kept for as long as anything. */
  const totals = async () => {
    const { rows } = await owner.query(
      `SELECT (SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM (
                 SELECT organization_id, type, measure, window_seconds, bucket, dimensions, count, min, max
                 FROM live_rollups WHERE window_seconds > 300) AS r) AS rollups,
              (SELECT md5(string_agg(s::text, ',' ORDER BY s::text)) FROM live_sessions s) AS sessions,
              (SELECT md5(string_agg(d::text, ',' ORDER BY d::text)) FROM live_user_days d) AS days`,
    );
    return rows[0];
  };

  it('deletes what has expired and nothing else, and changes no total', async () => {
    const source = new RandomEvents(random);
    const tenants: Tenant[] = [];
    for (const days of [20, 9, 3, 14]) {
      const { id } = await database.createOrganization(`Keeps ${days}`);
      if (days < 20) await keep(id, days);
      const own = { stored: new Map(), gone: [], counted: 0 };
      tenants.push({ id, days, horizon: Number.NEGATIVE_INFINITY, ...own });
    }
    let now = today - 45 * DAY_MS;

    const post = async (tenant: Tenant) => {
      const from = Math.max(now - tenant.days * DAY_MS, tenant.horizon);
      const fresh = countable(
        source.events(random.integer(1, 60)).map((event) => ({
          ...event,
          ts: new Date(random.integer(from, now + 0.9 * DAY_MS)).toISOString(),
        })),
        now,
      );
      const again = [...tenant.stored.values()].filter(() => random.chance(0.1));
      const tooLate = [
        ...tenant.gone.filter(() => random.chance(0.05)),
        ...(tenant.horizon > 0 && random.chance(0.5)
          ? [{ ...fresh[0]!, id: randomUUID(), ts: tenant.horizon - random.integer(1, 30 * DAY_MS) }]
          : []),
      ];
      const events = random.shuffle([...fresh, ...again, ...tooLate]);
      const counts = await worker.persist([
        batchOf(tenant.id, events, { receivedAt: now + random.integer(0, 5000) }),
      ]);
      expect(counts).toMatchObject({
        stored: fresh.length,
        duplicate: again.length,
        deadLettered: tooLate.length,
      });
      for (const event of fresh) tenant.stored.set(identity(event), event);
      tenant.counted += fresh.length;
    };

    const enforce = async () => {
      const before = await totals();
      const surveyed = await surveyRetention(run(), environment, now);
      const counts = await enforceRetention(run(), environment, now);
      expect(await totals()).toEqual(before);
      const rowsOf = (name: string) => surveyed.get(name)!.rows;
      expect(counts.events).toBe(rowsOf('days') + rowsOf('events'));
      for (const { name } of ROWS_RULES) expect([name, counts[name]]).toEqual([name, rowsOf(name)]);
      let expired = 0;
      for (const tenant of tenants) {
        tenant.horizon = Math.max(tenant.horizon, midnight(now) - tenant.days * DAY_MS);
        for (const [key, event] of tenant.stored) {
          if (event.ts >= tenant.horizon) continue;
          tenant.stored.delete(key);
          tenant.gone.push(event);
          expired++;
        }
      }
      expect(counts.events).toBe(expired);
    };

    for (let round = 0; round < 10; round++) {
      now += random.integer(0, 5 * DAY_MS);
      await ensureEventPartitions(pool, 20, now);
      for (const tenant of tenants) await post(tenant);
      if (random.chance(0.5)) await worker.compact();
      const day = midnight(now) - random.integer(1, 20) * DAY_MS;
      if (random.chance(0.7)) await closeDay(pool, { from: new Date(day), to: new Date(day + DAY_MS) });
      if (random.chance(0.2)) {
        // A longer period does not bring back what is gone; a shorter one applies from the next run on.
        const tenant = random.pick(tenants.slice(1));
        tenant.days = random.integer(1, 20);
        await keep(tenant.id, tenant.days);
      }
      if (random.chance(0.7)) await enforce();
      for (const tenant of tenants) {
        expect(await storedOf(tenant.id)).toEqual([...tenant.stored.keys()].sort());
      }
      if (round % 3 === 2) await expectNoDifference(database.url);
    }
    await enforce();
    const { rows: horizons } = await owner.query<{ minutes_from: Date }>(
      'SELECT DISTINCT minutes_from FROM horizons WHERE organization_id = ANY($1)',
      [tenants.map(({ id }) => id)],
    );
    expect(horizons).toEqual([{ minutes_from: new Date(midnight(now) - 25 * DAY_MS) }]);
    const findings = await expectNoDifference(database.url);
    expect([...findings.compared.keys()]).toContain('rollups older than the kept days (not compared)');
    for (const { id, counted, stored } of tenants) {
      const { rows } = await owner.query(
        `SELECT sum(count)::int AS n FROM live_rollups
         WHERE organization_id = $1 AND measure = '' AND window_seconds = 86400`,
        [id],
      );
      expect(rows).toEqual([{ n: counted }]);
      expect(await storedOf(id)).toHaveLength(stored.size);
    }
  });

  it('deletes alerts that are over, of organizations and about the installation', async () => {
    const { id } = await database.createOrganization('Alerted');
    await owner.query(
      `INSERT INTO alerts (organization_id, rule, name, state, summary, started_at)
       SELECT o, state || days, 'x', state, 'x', now() - make_interval(days => days)
       FROM unnest($1::uuid[]) AS o, unnest('{firing,resolved}'::text[]) AS state, unnest('{59,62}'::integer[]) AS days`,
      [[id, NO_ORGANIZATION]],
    );
    const before = await surveyRetention(run(), environment, Date.now());
    expect(before.get('alerts')).toMatchObject({ rows: 2 });
    expect(await enforceRetention(run(), environment, Date.now())).toMatchObject({ alerts: 2 });
    const { rows } = await owner.query<{ rule: string }>('SELECT DISTINCT rule FROM alerts ORDER BY rule');
    expect(rows.map(({ rule }) => rule)).toEqual(['firing59', 'firing62', 'resolved59']);
  });

  it('has a rule for every table, or a reason to keep it', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
    );
    const ruled = new Set<string>([...EVENT_TABLES, ...ROWS_RULES.map(({ table }) => table)]);
    const names = rows.map(({ name }) => name);
    expect(names.filter((name) => !ruled.has(name))).toEqual(Object.keys(KEPT_FOR_EVER).sort());
    expect([...ruled].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('says in the command what it would delete, and deletes it when told to', async () => {
    const say = async (...args: string[]) => {
      const lines: string[] = [];
      const settings = () => Object.assign(environment, { DATABASE_URL: database.url });
      expect(await retentionCommand(args, (line) => lines.push(line), settings)).toBe(0);
      return lines;
    };
    await say();
    const { id } = await database.createOrganization('Command');
    await owner.query(
      `INSERT INTO user_days (organization_id, day, user_id) VALUES ($1, $2::date - 100, 'ada')`,
      [id, new Date(today)],
    );
    expect(await say('--dry-run')).toContainEqual(expect.stringMatching(/^user_days: 1 rows, 0\.0 MB$/));
    expect(await say('--dry-run')).toContainEqual(expect.stringMatching(/^user_days: 1 rows/));
    expect(await say()).toContain('user_days: 1');
    expect(await say()).toContain('user_days: 0');
    await expect(retentionCommand(['--now'], () => {})).rejects.toThrow(UsageError);
  });
});
