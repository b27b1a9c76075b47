import { Socket } from 'node:net';
import type pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { GRANULARITIES } from '#people';
import { PendingDeltas } from '#rollups';
import { closeDay } from '#segments';
import { EventTypeRegistry } from '../../apps/api/src/event-types/event-type-registry.js';
import { EventTypesStore } from '../../apps/api/src/event-types/event-types.store.js';
import { SchemaCompiler } from '../../apps/api/src/event-types/schema-compiler.js';
import type { AuthenticatedRequest } from '../../apps/api/src/http/authenticated-request.js';
import { ActiveUsersController } from '../../apps/api/src/query/people/active-users/active-users.controller.js';
import { ActiveUsersReadModel } from '../../apps/api/src/query/people/active-users/active-users.read-model.js';
import { DailyReportController } from '../../apps/api/src/query/people/active-users/daily-report.controller.js';
import { FunnelController } from '../../apps/api/src/query/people/funnel/funnel.controller.js';
import { FunnelReadModel } from '../../apps/api/src/query/people/funnel/funnel.read-model.js';
import { FunnelService } from '../../apps/api/src/query/people/funnel/funnel.service.js';
import { RetentionController } from '../../apps/api/src/query/people/retention/retention.controller.js';
import { RetentionReadModel } from '../../apps/api/src/query/people/retention/retention.read-model.js';
import { SessionsController } from '../../apps/api/src/query/people/sessions/sessions.controller.js';
import { SessionsReadModel } from '../../apps/api/src/query/people/sessions/sessions.read-model.js';
import { UserSummaryController } from '../../apps/api/src/query/people/user-summary/user-summary.controller.js';
import { UserSummaryReadModel } from '../../apps/api/src/query/people/user-summary/user-summary.read-model.js';
import { VoiceReportsController } from '../../apps/api/src/query/people/voice/voice-reports.controller.js';
import { WeeklyReportReadModel } from '../../apps/api/src/query/people/voice/weekly-report.read-model.js';
import { TenantReads } from '../../apps/api/src/query/tenant-reads/tenant-reads.js';
import { expectNoDifference } from '../support/judge.js';
import {
  activePeriods,
  dateIn,
  funnelOf,
  type OracleStep,
  type PersonEvent,
  periodIn,
  sessionsOf,
} from '../support/people-oracle.js';
import { Random } from '../support/random.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const now = Date.now();
const today = Math.floor(now / DAY_MS) * DAY_MS;
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Auckland'];
const DAYS = 60;
const BATCH = 400;
const USERS = [
  'ada',
  'grace',
  'łukasz',
  '\uffee',
  '𝒳',
  '"',
  ...Array.from({ length: 25 }, (_, i) => `user-${i}`),
];
const PAGES = ['/', '/pricing', '/docs'];
const iso = (ms: number) => new Date(ms).toISOString();

describe('questions about people', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let api: pg.Pool;
  let worker: TestWorker;
  let request: AuthenticatedRequest;
  let organizationId: string;
  let controllers: ReturnType<typeof controllersOf>;
  const events: PersonEvent[] = [];

  beforeAll(async () => {
    database = await TestDatabase.create();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 4 });
    worker = new TestWorker(database.url);
    organizationId = (await database.createOrganization('own')).id;
    request = requestOf(organizationId);
    controllers = controllersOf(api, database.url);
    await api.query('SELECT 1');
  });
  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await database?.drop();
  });

  function event(id: number): PersonEvent {
    const ts = random.chance(0.5)
      ? now - random.integer(0, 2 * DAY_MS)
      : // Around midnights, in UTC and elsewhere.
        today - random.integer(0, DAYS) * DAY_MS + random.integer(-8, 8) * 1_800_000 + random.integer(-2, 2);
    const user = random.chance(0.9) ? random.pick(USERS) : null;
    const type = random.pick([
      'page_view',
      'page_view',
      'form_submit',
      'voice_metric',
      'session_end',
      'button_click',
    ]);
    const page = random.pick(PAGES);
    const payload = {
      page_view: random.chance(0.9) ? { page } : {},
      form_submit: { form_id: random.pick(['signup', 'order']), success: random.chance(0.5) },
      voice_metric: { talked_time: random.integer(0, 100), device_type: random.pick(['phone', 'tablet']) },
      session_end: {},
      button_click: { button_id: 'save', page },
    }[type]!;
    return {
      id: `event-${id}`,
      // So that several events have the same instant.
      ts: Math.min(now, random.chance(0.3) ? Math.floor(ts / 60_000) * 60_000 : ts),
      type,
      user_id: user,
      session_id: random.chance(0.7) ? `session-${random.integer(0, 60)}` : null,
      payload,
    };
  }

  /** Stores events and keeps them for the oracle. */
  async function store(count = BATCH): Promise<void> {
    const added = Array.from({ length: count }, (_, i) => event(events.length + i));
    const posted = added.map(({ user_id, session_id, ts, ...rest }) => ({
      ...rest,
      ts: iso(ts),
      ...(user_id === null ? {} : { user_id }),
      ...(session_id === null ? {} : { session_id }),
    }));
    await worker.persist([batchOf(organizationId, countable(posted, now))]);
    await worker.persist([batchOf((await database.createOrganization('other')).id, countable(posted, now))]);
    events.push(...added);
  }

  async function closeDays(): Promise<void> {
    for (let day = 1; day <= DAYS + 2; day += random.integer(1, 3)) {
      await closeDay(worker.pool, {
        from: new Date(today - day * DAY_MS),
        to: new Date(today - (day - 1) * DAY_MS),
      });
    }
  }

  const randomRange = () => {
    const to = now - random.integer(-1, DAYS) * DAY_MS;
    return { from: iso(Math.max(now - 85 * DAY_MS, to - random.integer(1, 40 * DAY_MS))), to: iso(to) };
  };

  async function expectActiveUsers(): Promise<void> {
    const [granularity, tz] = [random.pick(GRANULARITIES), random.pick(ZONES)];
    const query = { granularity, tz, ...(random.chance(0.8) ? randomRange() : {}) };
    const answer = await controllers.active.get(request, query);
    const users = [...activePeriods(events, granularity, tz).values()];
    for (const { period, ...found } of answer.data) {
      const active = users.filter((periods) => periods.includes(period)).length;
      const fresh = users.filter(([first]) => first === period).length;
      expect({ query, period, ...found }).toEqual({
        query,
        period,
        active,
        new: fresh,
        returning: active - fresh,
      });
    }
    expect(answer.data[0]!.period).toBe(periodIn(answer.from.getTime(), granularity, tz));
    expect(answer.data.at(-1)!.period).toBe(periodIn(answer.to.getTime() - 1, granularity, tz));
  }

  async function expectRetention(): Promise<void> {
    const [tz, weeks] = [random.pick(ZONES), random.integer(1, 9)];
    const query = { tz, weeks: String(weeks), ...(random.chance(0.7) ? randomRange() : {}) };
    const answer = await controllers.retention.get(request, query);
    const users = [...activePeriods(events, 'week', tz).values()];
    for (const { cohort, users: size, returned } of answer.data) {
      const own = users.filter(([first]) => first === cohort);
      expect([query, cohort, size]).toEqual([query, cohort, own.length]);
      for (const { week, users: back, share } of returned) {
        const later = new Date(Date.parse(cohort) + week * 7 * DAY_MS).toISOString().slice(0, 10);
        const expected = own.filter((periods) => periods.includes(later)).length;
        expect([query, cohort, week, back]).toEqual([query, cohort, week, expected]);
        expect(share).toBe(own.length > 0 ? expected / own.length : null);
        expect(later <= dateIn(now, tz)).toBe(true);
      }
    }
  }

  async function expectSessions(): Promise<void> {
    const query = {
      ...(random.chance(0.5) ? { user_id: random.pick(USERS) } : {}),
      ...(random.chance(0.5) ? randomRange() : {}),
      limit: String(random.pick([7, 20, 1000])),
    };
    const found = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { data: object[]; next_cursor: string | null } = await controllers.sessions.list(request, {
        ...query,
        ...(cursor && { cursor }),
      });
      found.push(...page.data);
      cursor = page.next_cursor;
    }
    const expected = [...sessionsOf(events).values()]
      .filter(({ user_id }) => query.user_id === undefined || user_id === query.user_id)
      .filter(
        ({ started_at }) => !query.from || (iso(+started_at) >= query.from && iso(+started_at) < query.to!),
      )
      .sort((a, b) => +b.started_at - +a.started_at || (a.session_id < b.session_id ? 1 : -1))
      .map((session) => ({ ...session, name: null, email: null }));
    expect(found).toEqual(expected);
    const one = random.pick([...sessionsOf(events).values()]);
    expect(await controllers.sessions.get(request, one.session_id)).toMatchObject(one);
  }

  async function expectSummary(): Promise<void> {
    const user = random.pick(USERS);
    const own = events.filter(({ user_id }) => user_id === user);
    const sessions = [...sessionsOf(events).values()].filter(({ user_id }) => user_id === user);
    const types = new Map<string, number>();
    for (const { type } of own) types.set(type, (types.get(type) ?? 0) + 1);
    const talked_seconds = sessions.reduce((sum, session) => sum + session.talked_seconds, 0);
    expect(await controllers.summary.get(request, user)).toEqual({
      ...{ user_id: user, name: null, email: null },
      first_seen: new Date(Math.min(...own.map(({ ts }) => ts))),
      last_seen: new Date(Math.max(...own.map(({ ts }) => ts))),
      ...{ events: own.length, sessions: sessions.length, talked_seconds },
      active_days: new Set(own.map(({ ts }) => dateIn(ts, 'UTC'))).size,
      by_type: [...types]
        .map(([type, count]) => ({ type, count }))
        .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
    });
    if (sessions.length === 0) return;
    expect(await controllers.voice.user(request, user)).toEqual({
      ...{ user_id: user, total_talked_time: talked_seconds, session_count: sessions.length },
    });
  }

  async function expectReports(): Promise<void> {
    const start = today - random.integer(0, DAYS) * DAY_MS;
    const date = dateIn(start, 'UTC');
    const { dau } = await controllers.daily.get(request, { date });
    const active = events.filter(({ ts, user_id }) => user_id !== null && dateIn(ts, 'UTC') === date);
    expect([date, dau]).toEqual([date, new Set(active.map(({ user_id }) => user_id)).size]);
    const { data } = await controllers.voice.weekly(request, { week_start: date, limit: '1000' });
    const sessions = [...sessionsOf(events).values()].filter(
      ({ started_at, user_id }) =>
        user_id !== null && +started_at >= start && +started_at < start + 7 * DAY_MS,
    );
    const users = [...new Set(sessions.map(({ user_id }) => user_id!))];
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    expect(data).toEqual(
      users.sort(byBytes).map((user_id) => {
        const own = sessions.filter((session) => session.user_id === user_id);
        return {
          ...{ user_id, name: null, session_count: own.length },
          total_talked_time: own.reduce((sum, { talked_seconds }) => sum + talked_seconds, 0),
          last_session: new Date(Math.max(...own.map(({ last_seen_at }) => +last_seen_at))),
        };
      }),
    );
  }

  const randomStep = (): OracleStep => {
    const type = random.pick(['page_view', 'page_view', 'form_submit', 'button_click']);
    if (type === 'form_submit' || random.chance(0.5)) return { type, where: {} };
    return { type, where: { page: random.pick([...PAGES, ...(type === 'page_view' ? [null] : [])]) } };
  };

  async function expectFunnel(): Promise<void> {
    const steps = Array.from({ length: random.integer(2, 4) }, randomStep);
    const { from } = randomRange();
    const to = Date.parse(from) + random.integer(1, 31 * DAY_MS);
    const within = random.pick(['1m', '1h', '12h', '3d', '31d']);
    const groupBy = random.chance(0.4) && steps[0]!.type !== 'form_submit' ? 'page' : undefined;
    const body = { steps, within, from, to: iso(to), ...(groupBy && { group_by: groupBy }) };
    const answer = await controllers.funnel.post({
      ...request,
      body: Buffer.from(JSON.stringify(body)),
    } as never);
    const inRange = events.filter(({ ts }) => ts >= Date.parse(from) && ts < to);
    const usersOf = (list: readonly { users: number }[]) => list.map(({ users }) => users);
    const ms = answer.within_seconds * 1000;
    expect([body, usersOf(answer.steps)]).toEqual([body, funnelOf(inRange, steps, ms)]);
    expect(answer.groups === undefined).toBe(groupBy === undefined);
    for (const { group, steps: found } of answer.groups ?? []) {
      const startsAt = ({ payload }: PersonEvent) => (payload.page ?? null) === group.page;
      expect([body, group, usersOf(found)]).toEqual([body, group, funnelOf(inRange, steps, ms, startsAt)]);
    }
  }

  async function expectAll(rounds: number): Promise<void> {
    for (let i = 0; i < rounds; i++) {
      await expectActiveUsers();
      await expectRetention();
      await expectSessions();
      await expectSummary();
      await expectReports();
      await expectFunnel();
    }
  }

  it('are answered from deltas alone', async () => {
    await store();
    await expectAll(4);
  });

  it('are answered from compacted counts alone', async () => {
    await worker.compact();
    await expectAll(4);
  });

  it('are answered from both, with late events', async () => {
    await store();
    await expectAll(5);
  });

  it('are answered with closed days, and events that came later', async () => {
    await closeDays();
    await store();
    await worker.compact();
    await store(100);
    await expectAll(8);
    await expectNoDifference(database.url);
  });
});

function controllersOf(pool: pg.Pool, databaseUrl: string) {
  const reads = new TenantReads(pool);
  const environment = loadEnvironment({ DATABASE_URL: databaseUrl });
  const sessions = new SessionsReadModel(reads);
  const users = new UserSummaryReadModel(reads);
  const pending = new PendingDeltas();
  const active = new ActiveUsersReadModel(reads, pending);
  const types = new EventTypeRegistry(new EventTypesStore(pool), new SchemaCompiler());
  return {
    active: new ActiveUsersController(active),
    daily: new DailyReportController(active),
    retention: new RetentionController(new RetentionReadModel(reads, pending)),
    sessions: new SessionsController(sessions),
    summary: new UserSummaryController(users, environment),
    voice: new VoiceReportsController(users, sessions, new WeeklyReportReadModel(reads)),
    funnel: new FunnelController(new FunnelService(types, new FunnelReadModel(reads))),
  };
}

const requestOf = (organizationId: string) =>
  ({
    principal: {
      organizationId,
      subject: 'key:test',
      permissions: new Set(),
      settings: {},
      eventTypesRevision: 0,
    },
    raw: { socket: new Socket() },
  }) as unknown as AuthenticatedRequest;
