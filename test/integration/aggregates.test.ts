import pg from 'pg';
import { Registry } from 'prom-client';
import { builtInTypes, dimensionValue, type EventType } from '#catalog';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import type { Principal } from '#identity';
import {
  PendingDeltas,
  QUERY_WINDOWS,
  type QueryWindow,
  RollupReads,
  STATISTICS,
  type Statistic,
} from '#rollups';
import { EventTypeRegistry } from '../../apps/api/src/event-types/event-type-registry.js';
import { EventTypesStore } from '../../apps/api/src/event-types/event-types.store.js';
import { SchemaCompiler } from '../../apps/api/src/event-types/schema-compiler.js';
import { AggregatesService } from '../../apps/api/src/query/aggregates/aggregates.service.js';
import type { Aggregates } from '../../apps/api/src/query/aggregates/render-aggregates.js';
import { AnswerCache } from '../../apps/api/src/query/cache/answer-cache.js';
import { SharedAnswers } from '../../apps/api/src/query/cache/shared-answers.js';
import { TenantReads } from '../../apps/api/src/query/tenant-reads/tenant-reads.js';
import { expectSeries, type OracleEvent, type OracleQuestion } from '../support/aggregate-oracle.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clock changes of Berlin and St. John's, ISO week 53, the end of a year. */
const MOMENTS = [
  '2026-03-08T05:30:00Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-11-01T04:30:00Z',
  '2026-12-31T23:59:59.999Z',
].map((moment) => Date.parse(moment));
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Auckland'];
const EVENTS = 1500;
const QUESTIONS = 100;
const STEPS = 100;

describe('aggregates', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;
  let worker: TestWorker;
  let service: AggregatesService;
  let principal: Principal;
  let stranger: Principal;
  let events: OracleEvent[];

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`SELECT ensure_event_partitions('2026-02-01', '2027-02-01')`);
    api = createPool({ databaseUrl: database.url, role: 'api', size: 4 });
    worker = new TestWorker(database.url);
    const compiler = new SchemaCompiler();
    const environment = loadEnvironment({ DATABASE_URL: database.url });
    service = new AggregatesService(
      new TenantReads(api),
      environment,
      new EventTypeRegistry(new EventTypesStore(api), compiler),
      new AnswerCache(environment, new SharedAnswers(undefined), new Registry()),
      new RollupReads(new PendingDeltas()),
    );
    principal = principalOf((await database.createOrganization('own')).id);
    stranger = principalOf((await database.createOrganization('other')).id);
    for (const moment of MOMENTS) {
      await store(moment, EVENTS / MOMENTS.length);
      // So that answers come from rollups, deltas and both.
      if (random.chance(0.6)) await worker.compact();
    }
    expect(events).toHaveLength(EVENTS);
  });

  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Stores events around a moment. */
  async function store(moment: number, count: number): Promise<void> {
    const now = moment + 2 * DAY_MS;
    const around = () => {
      const spread = random.pick([2 * HOUR_MS, DAY_MS, 20 * DAY_MS]);
      return new Date(moment + random.integer(-spread, Math.min(spread, 2 * DAY_MS))).toISOString();
    };
    const posted = new RandomEvents(random, now).events(count);
    const counted = countable(
      posted.map((event) => ({ ...event, ts: around() })),
      now,
    );
    await worker.persist([batchOf(principal.organizationId, counted)]);
    await worker.persist([batchOf(stranger.organizationId, counted)]);
    const { rows } = await owner.query<OracleEvent>(
      `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ts, type, user_id, payload FROM events
       WHERE organization_id = $1`,
      [principal.organizationId],
    );
    events = rows;
  }

  /**
   * All pages of the answer.
   * @param now before the range, so that no answer is cached
   */
  async function ask(query: Record<string, unknown>, now = MOMENTS[0]!): Promise<Aggregates> {
    const reader = { organizationId: principal.organizationId };
    const pages: Aggregates[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)!.next_cursor) {
      pages.push(await service.aggregate(principal, reader, { ...query, ...(cursor && { cursor }) }, now));
      if (query.rest) break;
    }
    return { ...pages[0]!, series: pages.flatMap(({ series }) => series) };
  }

  /** Starts of the buckets of all events, by PostgreSQL's own calendar. */
  async function bucketsOf(window: QueryWindow, tz: string): Promise<number[]> {
    const sql = /^\d+m$/.test(window)
      ? `date_bin('${window.slice(0, -1)} minutes', ts, to_timestamp(0))`
      : `date_trunc('${{ '1h': 'hour', '1d': 'day', '1w': 'week', '1mo': 'month' }[window as '1d']}', ts, $2)`;
    const { rows } = await owner.query<{ bucket: number }>(
      `SELECT extract(epoch FROM ${sql})::float8 * 1000 AS bucket
       FROM unnest($1::float8[]) AS t(ms), LATERAL (SELECT to_timestamp(ms / 1000) AS ts, $2::text AS tz) AS e`,
      [events.map(({ ts }) => ts), tz],
    );
    return rows.map(({ bucket }) => bucket);
  }

  function randomQuestion(): OracleQuestion {
    const type = random.pick(builtInTypes);
    const measure = random.chance(0.7) && type.measures.length > 0 ? random.pick(type.measures) : undefined;
    const window = random.pick(QUERY_WINDOWS);
    const moment = random.pick(MOMENTS);
    const length =
      { '1m': 6, '5m': 30, '15m': 80, '1h': 300, '1d': 1000, '1w': 3000, '1mo': 9000 }[window] * HOUR_MS;
    const statistics: readonly Statistic[] = measure
      ? random.shuffle([...STATISTICS]).slice(0, 4)
      : ['count'];
    const ordered = random.chance(0.4);
    return {
      type,
      window,
      from: moment - random.integer(0, length),
      to: moment + random.integer(1, length),
      tz: random.pick(ZONES),
      groupBy: type.dimensions.filter(() => random.chance(0.4)),
      where: randomWhere(type),
      statistics,
      fill: random.pick(['none', 'none', 'zero', 'null']),
      compare: random.chance(0.3),
      limit: random.pick([1, 2, 5, 100, 1000]),
      rest: ordered && random.chance(0.5),
      ...(measure === undefined ? {} : { measure }),
      ...(random.chance(0.2) ? { userId: random.pick(events).user_id ?? 'ada' } : {}),
      ...(ordered ? { orderBy: (random.chance(0.5) ? '-' : '') + random.pick(statistics) } : {}),
    };
  }

  function randomWhere(type: EventType): Record<string, string | null> {
    const own = events.filter((event) => event.type === type.name);
    if (own.length === 0 || random.chance(0.6)) return {};
    const { payload } = random.pick(own);
    const names = type.dimensions.filter(() => random.chance(0.3));
    return Object.fromEntries(names.map((name) => [name, dimensionValue(payload[name]) ?? null]));
  }

  /** Compares the answer to a question with the raw events. @returns how many series it has */
  async function expectAnswer(question: OracleQuestion, now?: number): Promise<number> {
    const answer = await ask(parametersOf(question), now);
    try {
      expectSeries(answer, question, events, await bucketsOf(question.window, question.tz));
    } catch (error) {
      throw new Error(`${JSON.stringify(parametersOf(question))}\n${(error as Error).message}`);
    }
    return answer.series.length;
  }

  it(`equal the raw events, for ${QUESTIONS} random questions`, async () => {
    let found = 0;
    for (let i = 0; i < QUESTIONS; i++) found += await expectAnswer(randomQuestion());
    expect(found).toBeGreaterThan(QUESTIONS);
  });

  it('equal them again and again, while events arrive, also late ones, and are compacted', async () => {
    const questions = Array.from({ length: 10 }, randomQuestion);
    let found = 0;
    for (let step = 0; step < STEPS; step++) {
      if (random.chance(0.2)) await store(random.pick(MOMENTS), 10);
      if (random.chance(0.03)) await worker.compact();
      found += await expectAnswer(random.pick(questions), 0);
    }
    expect(found).toBeGreaterThan(STEPS / 4);
  });

  it('refuse cursors of another query, another organization and another list', async () => {
    const query = {
      type: 'page_view',
      window: '1mo',
      group_by: 'page',
      limit: '1',
      from: '2026-02-01T00:00:00Z',
      to: '2027-02-01T00:00:00Z',
    };
    const first = await service.aggregate(principal, principal, query, MOMENTS[0]!);
    const cursor = first.next_cursor!;
    const refused = { status: 400, errors: [{ path: 'cursor' }] };
    await expect(
      service.aggregate(principal, principal, { ...query, window: '1w', cursor }, 0),
    ).rejects.toMatchObject(refused);
    await expect(service.aggregate(stranger, stranger, { ...query, cursor }, 0)).rejects.toMatchObject(
      refused,
    );
    await expect(
      service.aggregate(principal, principal, { ...query, limit: '2', cursor }, 0),
    ).resolves.toMatchObject({ type: 'page_view' });
  });
});

const principalOf = (organizationId: string): Principal => ({
  organizationId,
  subject: 'key:test',
  permissions: new Set() as unknown as Principal['permissions'],
  settings: {},
  eventTypesRevision: 0,
});

const parametersOf = (question: OracleQuestion): Record<string, unknown> => ({
  type: question.type.name,
  window: question.window,
  from: new Date(question.from).toISOString(),
  to: new Date(question.to).toISOString(),
  tz: question.tz,
  group_by: question.groupBy,
  where: question.where,
  stats: question.statistics,
  fill: question.fill,
  limit: question.limit,
  rest: question.rest,
  ...(question.measure === undefined ? {} : { measure: question.measure }),
  ...(question.userId === undefined ? {} : { user_id: question.userId }),
  ...(question.compare ? { compare: 'previous' } : {}),
  ...(question.orderBy === undefined ? {} : { order_by: question.orderBy }),
});
