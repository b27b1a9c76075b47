import pg from 'pg';
import { loadEnvironment } from '#config';
import { dailyMetrics } from '../../apps/worker/src/jobs/daily-metrics.job.js';
import { expectedMetrics, storedMetrics } from '../support/daily-metrics-oracle.js';
import { ManualClock } from '../support/manual-clock.js';
import { Random } from '../support/random.js';
import type { PostedEvent } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** In Berlin, 25 October has 25 hours. */
const FIRST = Date.parse('2026-10-20T00:00:00Z');
const NOW = Date.parse('2026-10-27T20:05:00Z');
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Asia/Kathmandu', 'Pacific/Auckland'];
const USERS = ['ada', 'grace', 'łukasz', '𝒳', ...Array.from({ length: 30 }, (_, i) => `user-${i}`)];
const DEVICES = ['phone', 'tablet', '\uffee', '𝒳', undefined];
const BATCH = 250;

/** The last day of a zone that has ended. */
const lastDay = (now: number, timeZone: string) => {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
  return new Date(Date.parse(today) - DAY_MS).toISOString().slice(0, 10);
};

describe('daily metrics', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let organizations: { readonly id: string; readonly timeZone: string }[];
  let events = 0;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    await owner.query('SELECT ensure_event_partitions($1::date, $2::date)', ['2026-10-17', '2026-11-02']);
    organizations = [];
    for (const timeZone of ZONES) {
      const { id } = await database.createOrganization(timeZone);
      const settings = timeZone === 'UTC' ? {} : { time_zone: timeZone };
      await owner.query('UPDATE organizations SET settings = $2 WHERE id = $1', [id, settings]);
      organizations.push({ id, timeZone });
    }
  });
  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Often near a midnight of some zone. */
  function instant(from: number, to: number): number {
    const ts = random.integer(from, to - 1);
    const near = Math.floor(ts / (DAY_MS / 96)) * (DAY_MS / 96) - random.pick([0, 0, 1]);
    return random.chance(0.5) || near < from ? ts : near;
  }

  function event(from: number, to: number): PostedEvent {
    const device = random.pick(DEVICES);
    const withDevice = device === undefined ? {} : { device_type: device };
    const status = random.pick(['success', 'success', 'error', 'timeout', 'cancelled']);
    const timed = { execution_time_ms: random.integer(0, 9999), status };
    const tokens = random.chance(0.8)
      ? { input_tokens: random.integer(0, 9999), output_tokens: random.integer(0, 99) }
      : {};
    const [type, payload] = random.pick<[string, PostedEvent['payload']]>([
      ['page_view', { page: '/' }],
      ['error_occurred', { error_type: 'TypeError' }],
      ['command_execution', { command_name: random.pick(['plan', 'apply']), ...timed }],
      [
        'agent_interaction',
        { agent_name: random.pick(['a', 'b']), interaction_type: 'chat', ...timed, ...tokens },
      ],
      ['voice_metric', { talked_time: random.integer(0, 100), ...withDevice }],
      ['session_start', withDevice],
      ['session_end', withDevice],
    ]);
    return {
      id: `event-${events++}`,
      ...{ type, payload, ts: new Date(instant(from, to)).toISOString() },
      ...(random.chance(0.85) ? { user_id: random.pick(USERS) } : {}),
      ...(random.chance(0.6) ? { session_id: `session-${random.integer(0, 80)}` } : {}),
    };
  }

  async function store(organizationId: string, from: number, to: number, count = BATCH): Promise<void> {
    const posted = Array.from({ length: count }, () => event(from, to));
    await worker.persist([batchOf(organizationId, countable(posted, NOW))]);
  }

  const run = (now: number) =>
    dailyMetrics.run(
      {
        ...{ clock: new ManualClock(now), logger: console, signal: new AbortController().signal },
        ...{ slot: now, payload: undefined, transaction: () => Promise.reject(), progress: async () => {} },
      },
      worker.pool,
      loadEnvironment({ DATABASE_URL: database.url }),
    );

  async function expectAll(now: number): Promise<void> {
    for (const { id, timeZone } of organizations) {
      const expected = await expectedMetrics(owner, id, timeZone, lastDay(now, timeZone));
      const stored = await storedMetrics(owner, id);
      expect(stored.size).toBeGreaterThan(0);
      expect([timeZone, Object.fromEntries(stored)]).toEqual([timeZone, Object.fromEntries(expected)]);
    }
  }

  /** When each day of an organization was computed. */
  async function computedAt(organizationId: string): Promise<Record<string, Date>> {
    const { rows } = await owner.query<{ day: string; at: Date }>(
      `SELECT day::text AS day, max(computed_at) AS at FROM daily_metrics WHERE organization_id = $1 GROUP BY 1 ORDER BY 1`,
      [organizationId],
    );
    return Object.fromEntries(rows.map(({ day, at }) => [day, at]));
  }

  it('are those of the raw events, from deltas alone', async () => {
    for (const { id } of organizations) await store(id, FIRST, NOW);
    await run(NOW);
    await expectAll(NOW);
  });

  it('stay as they are when nothing has arrived, compacted or not', async () => {
    const before = await Promise.all(organizations.map(({ id }) => computedAt(id)));
    expect(await run(NOW)).toEqual({ organizations: 0, days: 0 });
    await worker.compact();
    expect(await run(NOW + HOUR_MS)).toEqual({ organizations: 0, days: 0 });
    expect(await Promise.all(organizations.map(({ id }) => computedAt(id)))).toEqual(before);
    await expectAll(NOW);
  });
});
