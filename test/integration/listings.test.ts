import pg from 'pg';
import { dimensionValue } from '#catalog';
import { createPool } from '#database';
import { PendingDeltas } from '#rollups';
import { closeDay, type Day, filterRows } from '#segments';
import type { EventFilter, EventPosition, EventRow } from '../../apps/api/src/query/events/event-filter.js';
import { type EventsOfPage, EventsReadModel } from '../../apps/api/src/query/events/events.read-model.js';
import { TenantReads } from '../../apps/api/src/query/tenant-reads/tenant-reads.js';
import { Random } from '../support/random.js';
import type { PostedEvent } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const ROUNDS = 25;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const yesterday: Day = { from: new Date(today - DAY_MS), to: new Date(today) };

const TYPES = ['page_view', 'button_click', 'search_query'];
const USERS = ['ada', 'grace', 'łukasz', '𝒳'];
const SESSIONS = ['s1', 's2', 's3'];
const VALUES = [
  null,
  '',
  'null',
  false,
  'false',
  true,
  0,
  '0',
  1.5,
  'x',
  {},
  ['x'],
  'long '.repeat(60),
  'long '.repeat(61),
];
const PATHS = ['x', 'deep.x', 'dotted.x'];
const REQUIRED: Readonly<Record<string, object>> = {
  page_view: { page: '/' },
  button_click: { button_id: 'save' },
  search_query: { query: 'q' },
};

describe('pages of events', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;
  let worker: TestWorker;
  let organizationId: string;
  let events: EventsReadModel;
  let made = 0;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 2 });
    worker = new TestWorker(database.url);
    organizationId = (await database.createOrganization('Listing')).id;
    events = new EventsReadModel(new TenantReads(api), new PendingDeltas());
  });
  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Few instants, so that many events share one. */
  const instant = () => {
    const day = random.chance(0.5) ? today : today - random.integer(1, 4) * DAY_MS;
    return new Date(day + random.integer(0, 48) * 1_800_000 - random.pick([0, 0, 1])).toISOString();
  };
  const event = (): PostedEvent => {
    const type = random.pick(TYPES);
    const payload: Record<string, unknown> = { ...REQUIRED[type] };
    if (random.chance(0.8)) payload.x = random.pick(VALUES);
    if (random.chance(0.5))
      payload.deep = random.chance(0.9) ? { x: random.pick(VALUES) } : random.pick(VALUES);
    if (random.chance(0.3)) payload.dotted = { x: random.pick(VALUES) };
    if (random.chance(0.3)) payload['dotted.x'] = random.pick(VALUES);
    return {
      id: `event-${made++}`,
      ts: instant(),
      type,
      ...(random.chance(0.8) ? { user_id: random.pick(USERS) } : {}),
      ...(random.chance(0.6) ? { session_id: random.pick(SESSIONS) } : {}),
      payload,
    };
  };
  const arrive = (count: number) => {
    const arriving = Array.from({ length: count }, event);
    return worker.persist([batchOf(organizationId, countable(arriving))]);
  };

  const acts: readonly (() => Promise<unknown>)[] = [
    () => arrive(random.integer(1, 30)),
    () => arrive(random.integer(1, 30)),
    () => worker.compact(),
    () => filterRows(worker.pool, { before: new Date(today + 2 * DAY_MS), blockRows: random.integer(5, 40) }),
    () => filterRows(worker.pool, { before: new Date(), blockRows: random.integer(5, 40) }),
    async () => {
      if (random.chance(0.1)) await closeDay(worker.pool, yesterday);
    },
  ];

  function randomFilter(): EventFilter {
    const from = random.chance(0.5) ? today - 9 * DAY_MS : Date.parse(instant());
    const condition = () => {
      const value = dimensionValue(random.pick(VALUES));
      return { path: random.pick(PATHS), value: random.chance(0.2) ? null : (value ?? null) };
    };
    return {
      from,
      to: random.chance(0.5) ? today + 2 * DAY_MS : from + random.integer(1, 60) * 3_600_000,
      ...(random.chance(0.4) ? { type: random.pick([...TYPES, 'course_complete']) } : {}),
      ...(random.chance(0.4) ? { userId: random.pick([...USERS, 'nobody']) } : {}),
      ...(random.chance(0.3) ? { sessionId: random.pick([...SESSIONS, 'none']) } : {}),
      ...(random.chance(0.5) ? { payload: Array.from({ length: random.integer(0, 2) }, condition) } : {}),
    };
  }

  const matches = (row: EventRow, filter: EventFilter) =>
    row.ts.getTime() >= filter.from &&
    row.ts.getTime() < filter.to &&
    (filter.type === undefined || row.type === filter.type) &&
    (filter.userId === undefined || row.user_id === filter.userId) &&
    (filter.sessionId === undefined || row.session_id === filter.sessionId) &&
    (filter.payload ?? []).every(({ path, value }) => (textAt(row.payload, path) ?? null) === value);

  function textAt(payload: unknown, path: string): string | undefined {
    const fields = payload as Record<string, unknown>;
    if (Object.hasOwn(fields, path)) return dimensionValue(fields[path]);
    let at: unknown = payload;
    for (const name of path.split('.'))
      at = typeof at === 'object' && at ? (at as typeof fields)[name] : undefined;
    return dimensionValue(at);
  }

  const stored = async (filter: EventFilter) => {
    const { rows } = await owner.query<EventRow>(
      'SELECT id, ts, received_at, type, user_id, session_id, src, payload FROM events WHERE organization_id = $1',
      [organizationId],
    );
    return rows.filter((row) => matches(row, filter));
  };

  const idsOf = (rows: readonly EventRow[]) => rows.map(({ id }) => id);

  it('have every event that was there all the time once, while others arrive and a day is closed', async () => {
    await arrive(1000);
    for (let round = 0; round < ROUNDS; round++) {
      const filter = randomFilter();
      const before = await stored(filter);
      const listed: EventRow[] = [];
      const bounds = random.chance(0.3) ? { events: random.integer(1, 50), seconds: 1 } : undefined;
      for (let after: EventPosition | null = null; ; ) {
        const limit = random.integer(1, 80);
        const { rows, next }: EventsOfPage = await events.list(
          { organizationId },
          filter,
          limit,
          after,
          bounds,
        );
        expect(rows.length).toBeLessThanOrEqual(limit);
        listed.push(...rows);
        if (!next) break;
        after = next;
        await random.pick(acts)();
      }
      const ids = idsOf(listed);
      const unique = new Set(ids);
      expect({ filter, twice: ids.length - unique.size }).toEqual({ filter, twice: 0 });
      expect({ filter, missing: idsOf(before).filter((id) => !unique.has(id)) }).toEqual({
        filter,
        missing: [],
      });
      const after = new Set(idsOf(await stored(filter)));
      expect({ filter, odd: ids.filter((id) => !after.has(id)) }).toEqual({ filter, odd: [] });
      const order = listed.map(({ ts, id }) => [ts.getTime(), id] as const);
      const sorted = [...order].sort(
        (a, b) => b[0] - a[0] || Buffer.compare(Buffer.from(b[1]), Buffer.from(a[1])),
      );
      expect(order).toEqual(sorted);
      await random.pick(acts)();
    }
  });

  it('are found by what only pending deltas know, and when it is compacted', async () => {
    const { id } = await database.createOrganization('New');
    const own = { ...event(), user_id: 'newcomer', session_id: 'new "session"' };
    await worker.persist([batchOf(id, countable([own]))]);
    const filters = [{ sessionId: own.session_id }, { userId: own.user_id }, { type: own.type }];
    for (const act of [() => worker.compact(), () => {}]) {
      for (const filter of filters.map((one) => ({ from: 0, to: today + 2 * DAY_MS, ...one }))) {
        const { rows } = await events.list({ organizationId: id }, filter, 10, null);
        expect({ filter, ids: idsOf(rows) }).toEqual({ filter, ids: [own.id] });
      }
      await act();
    }
  });

  it('have the events of a closed day among those that came after it was closed', async () => {
    const { id } = await database.createOrganization('Late');
    const of = (count: number) =>
      Array.from({ length: count }, () => ({
        ...event(),
        ts: new Date(today - random.integer(1, DAY_MS)).toISOString(),
      }));
    await worker.persist([batchOf(id, countable(of(100)))]);
    await closeDay(worker.pool, yesterday);
    await worker.persist([batchOf(id, countable(of(100)))]);
    const filters: object[] = [{}, { type: random.pick(TYPES) }, { userId: random.pick(USERS) }];
    for (const filter of filters.map((own) => ({ from: today - DAY_MS, to: today, ...own }))) {
      const { rows } = await owner.query<EventRow>('SELECT * FROM events WHERE organization_id = $1', [id]);
      const listed: EventRow[] = [];
      for (let after: EventPosition | null = null; ; ) {
        const page: EventsOfPage = await events.list({ organizationId: id }, filter, 7, after);
        listed.push(...page.rows);
        after = page.next;
        if (!after) break;
      }
      expect(idsOf(listed).sort()).toEqual(idsOf(rows.filter((row) => matches(row, filter))).sort());
    }
  });

  it('and the events of users are the same as without filters', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { from, to } = random.chance(0.3) ? { from: -Infinity, to: Infinity } : randomFilter();
      const users = random.shuffle([...USERS, 'nobody']).slice(0, random.integer(1, 3));
      const { rows } = await owner.query<EventRow>(
        `SELECT id FROM events_of_users($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4)`,
        [organizationId, from, to, users],
      );
      const expected = (await stored({ from, to })).filter(
        ({ user_id }) => user_id && users.includes(user_id),
      );
      expect(idsOf(rows).sort()).toEqual(idsOf(expected).sort());
      await random.pick(acts)();
    }
  });

  it('are found in blocks that are divided when they have grown', async () => {
    const { id } = await database.createOrganization('Growing');
    const of = (count: number) =>
      Array.from({ length: count }, () => ({
        ...event(),
        ts: new Date(today + random.integer(0, 9_000) * 1000).toISOString(),
      }));
    const before = new Date(today + DAY_MS);
    await worker.persist([batchOf(id, countable(of(50)))]);
    await filterRows(worker.pool, { before, blockRows: 50 });
    await worker.persist([batchOf(id, countable(of(900)))]);
    await worker.compact();
    await filterRows(worker.pool, { before, blockRows: 5 });
    const { rows } = await owner.query<{ events: number; is_stale: boolean }>(
      `SELECT is_stale, (SELECT count(*)::int FROM event_rows e WHERE e.organization_id = b.organization_id
         AND (ts, id) > (after_ts, after_id) AND (ts, id) <= (last_ts, last_id)) AS events
       FROM row_blocks b WHERE organization_id = $1`,
      [id],
    );
    expect(rows.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(900);
    for (const { events, is_stale } of rows) {
      expect(events).toBeLessThanOrEqual(10);
      expect(is_stale).toBe(false);
    }
  });

  it('are found by filters that know nobody who was erased', async () => {
    const { id } = await database.createOrganization('Erasing');
    const of = (user_id: string) => Array.from({ length: 30 }, () => ({ ...event(), user_id }));
    await worker.persist([batchOf(id, countable([...of('ada'), ...of('grace')]))]);
    const before = new Date(today + 2 * DAY_MS);
    /** Blocks whose filters have a user, although an empty one may have anybody. */
    const having = async (name: string) => {
      const { rows } = await owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM row_blocks
         WHERE organization_id = $1 AND filter <> '' AND may_have_user(filter, $2)`,
        [id, name],
      );
      return rows[0]!.n;
    };
    await filterRows(worker.pool, { before, blockRows: 10 });
    expect(await having('ada')).toBeGreaterThan(0);
    await owner.query(
      `INSERT INTO erasures (organization_id, actor, user_ids) VALUES ($1, 'key:test', '{ada}')`,
      [id],
    );
    expect(await worker.erase()).toBe(true);
    expect(await having('ada')).toBe(0);
    await filterRows(worker.pool, { before, blockRows: 10 });
    expect(await having('ada')).toBe(0);
    expect(await having('grace')).toBeGreaterThan(0);
  });
});
