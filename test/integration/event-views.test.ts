import { readFileSync } from 'node:fs';
import pg from 'pg';
import { builtInTypes, type EventType, viewName } from '#catalog';
import { closeDay } from '#segments';
import { replaceEventViews } from '../../apps/cli/src/event-views/event-views.store.js';
import { payloadColumns } from '../../apps/cli/src/event-views/payload-columns.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase, type TestOrganization } from '../support/test-database.js';
import { TestReader } from '../support/test-reader.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;

interface EventRow {
  readonly id: string;
  readonly ts: Date;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Bigints as numbers, as JSON has them. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

describe('the views of event types', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let organization: TestOrganization;
  let access: TestReader;
  let reader: pg.Client;
  const random = Random.announced();

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    organization = await database.createOrganization('Reading');
    const stranger = await database.createOrganization('Other');
    const source = new RandomEvents(random);
    const store = async (count: number) => {
      const batches = [organization, stranger].map(({ id }) => batchOf(id, countable(source.events(count))));
      await worker.persist(batches);
    };
    await store(800);
    await worker.compact();
    for (let days = 1; days <= 3; days++) {
      const from = new Date(today - days * DAY_MS);
      await closeDay(worker.pool, { from, to: new Date(from.getTime() + DAY_MS) });
    }
    // Late events beside the closed blocks, and deltas that wait for compaction.
    await store(400);
    access = await TestReader.create(database.url, organization.id);
    reader = await access.connect();
  });

  afterAll(async () => {
    await reader?.end();
    await access?.revoke();
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  async function stored(type: EventType): Promise<EventRow[]> {
    const { rows } = await owner.query<EventRow>(
      'SELECT id, ts, user_id, session_id, payload FROM events WHERE organization_id = $1 AND type = $2 ORDER BY ts, id',
      [organization.id, type.name],
    );
    return rows;
  }

  /** What the view should show of an event. */
  function expected(type: EventType, { payload, ...event }: EventRow) {
    const fields = payloadColumns(type).map(({ name, type: sqlType }) => {
      const value = payload[name] ?? null;
      return [name, sqlType === 'text' && value !== null ? String(value) : value];
    });
    return { ...event, ...Object.fromEntries(fields), payload };
  }

  const columns = (type: EventType) =>
    ['id', 'ts', 'user_id', 'session_id', ...payloadColumns(type).map(({ name }) => name), 'payload'].join(
      ', ',
    );

  it.each(builtInTypes.map((type) => [viewName(type), type] as const))(
    '%s shows every event of its type with its fields',
    async (view, type) => {
      const events = await stored(type);
      expect(events.length).toBeGreaterThan(20);
      const { rows } = await reader.query(`SELECT ${columns(type)} FROM ${view} ORDER BY ts, id`);
      expect(rows).toEqual(events.map((event) => expected(type, event)));
      for (let i = 0; i < 5; i++) {
        const ends = [random.pick(events).ts, random.pick(events).ts].sort(
          (x, y) => x.getTime() - y.getTime(),
        );
        const [from, to] = ends as [Date, Date];
        const range = await reader.query(
          `SELECT ${columns(type)} FROM ${view}($1, $2) ORDER BY ts, id`,
          ends,
        );
        const inRange = events.filter(({ ts }) => ts >= from && ts < to);
        expect(range.rows).toEqual(inRange.map((event) => expected(type, event)));
      }
    },
  );

  it('have no column twice, and no name that something else has', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
    );
    const views = builtInTypes.map(viewName);
    expect(new Set([...views, ...rows.map(({ name }) => name)]).size).toBe(views.length + rows.length);
  });

  it('show events that another schema accepted, with NULL where a number may be no number', async () => {
    await owner.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, payload, type_revision)
       VALUES ($1, now(), now(), 'odd', 'page_view', '{"status": "none", "page": 7, "bytes": 1.5}', 1)`,
      [organization.id],
    );
    const { rows } = await reader.query(
      `SELECT page, status, bytes, payload FROM page_views WHERE id = 'odd'`,
    );
    expect(rows).toEqual([
      { page: '7', status: null, bytes: null, payload: { status: 'none', page: 7, bytes: 1.5 } },
    ]);
    await owner.query(`DELETE FROM event_rows WHERE id = 'odd'`);
  });

  it('read the events of one user', async () => {
    const users = await owner.query(
      'SELECT user_id, count(*) AS events FROM events WHERE organization_id = $1 AND user_id IS NOT NULL GROUP BY 1',
      [organization.id],
    );
    for (const { user_id, events } of users.rows) {
      const { rows } = await reader.query('SELECT count(*) AS events FROM events_of_user($1)', [user_id]);
      expect([user_id, rows[0].events]).toEqual([user_id, events]);
    }
    const { rows } = await reader.query(`SELECT count(*) AS events FROM events('-infinity')`);
    expect(rows).toEqual((await reader.query('SELECT count(*) AS events FROM events')).rows);
  });

  const TABLES = ['rollups', 'sessions', 'user_days'] as const;

  it('show figures before compaction that are those after it', async () => {
    const query = (table: string, columns: string) =>
      `SELECT ${columns} FROM ${table} ORDER BY ${table.endsWith('rollups') ? '1, 2, 3, 4, 5' : '1, 2'}`;
    const SHOWN = {
      rollups: 'type, measure, window_seconds, bucket, dimensions, count, sum::numeric(20, 3), min, max',
      sessions: 'session_id, first_seen, last_seen, ended_at, user_id, device, talked_seconds, events',
      user_days: 'day, user_id',
    };
    const live = [];
    for (const table of TABLES) live.push((await reader.query(query(`live_${table}`, SHOWN[table]))).rows);
    expect((await reader.query(query('rollups', SHOWN.rollups))).rows).not.toEqual(live[0]);
    const functions = await functionResults();
    await worker.compact();
    for (const [i, table] of TABLES.entries()) {
      expect((await reader.query(query(table, SHOWN[table]))).rows).toEqual(live[i]);
      expect((await reader.query(query(`live_${table}`, SHOWN[table]))).rows).toEqual(live[i]);
    }
    expect(await functionResults()).toEqual(functions);
  });

  /** What the three functions return for every user, session and the past weeks. */
  async function functionResults() {
    const { rows } = await reader.query(`
      SELECT to_json(m) AS result FROM (SELECT DISTINCT user_id FROM events WHERE user_id IS NOT NULL) AS u,
        aggregate_user_metrics(u.user_id) AS m
      UNION ALL
      SELECT to_json(d) FROM (SELECT DISTINCT session_id FROM events WHERE session_id IS NOT NULL) AS s,
        get_session_details(s.session_id) AS d
      UNION ALL
      SELECT to_json(w) FROM generate_series(0, 3) AS n, generate_weekly_report(current_date - n::integer * 7) AS w`);
    return rows.map(({ result }) => JSON.stringify(result)).sort();
  }

  it('agree with functions that are asked about users, sessions and weeks', async () => {
    await owner.query(
      `INSERT INTO users (organization_id, external_id, name, email) VALUES ($1, 'ada', 'Ada', 'ada@example.org')`,
      [organization.id],
    );
    const sessions = await sessionsFromEvents();
    for (const userId of new Set([...sessions.map(({ user_id }) => user_id), 'nobody'])) {
      if (userId === null) continue;
      const own = sessions.filter(({ user_id }) => user_id === userId);
      const { rows } = await reader.query('SELECT * FROM aggregate_user_metrics($1)', [userId]);
      const total = own.reduce((sum, { talked }) => sum + talked, 0);
      expect(rows).toEqual([{ user_id: userId, total_talked_time: total, session_count: own.length }]);
    }
    for (const session of sessions) {
      const { rows } = await reader.query('SELECT * FROM get_session_details($1)', [session.session_id]);
      expect(rows).toEqual([
        expect.objectContaining({
          session_id: session.session_id,
          user_id: session.user_id,
          name: session.user_id === 'ada' ? 'Ada' : null,
          email: session.user_id === 'ada' ? 'ada@example.org' : null,
          started_at: session.first,
          last_seen_at: session.last,
          ended_at: session.ended,
          duration_seconds: ((session.ended ?? session.last).getTime() - session.first.getTime()) / 1000,
          events: session.events,
          talked_time: session.talked,
        }),
      ]);
    }
    expect((await reader.query(`SELECT * FROM get_session_details('unknown')`)).rows).toEqual([]);
  });

  it('agree with the weekly report', async () => {
    const sessions = await sessionsFromEvents();
    for (let days = 0; days < 22; days += random.integer(1, 4)) {
      const from = new Date(today - days * DAY_MS);
      const to = new Date(from.getTime() + 7 * DAY_MS);
      const inWeek = sessions.filter(({ first, user_id }) => user_id !== null && first >= from && first < to);
      const users = [...new Set(inWeek.map(({ user_id }) => user_id!))];
      const expectedRows = users.map((user) => {
        const own = inWeek.filter(({ user_id }) => user_id === user);
        return {
          user_id: user,
          session_count: own.length,
          total_talked_time: own.reduce((sum, { talked }) => sum + talked, 0),
          last_session: new Date(Math.max(...own.map(({ last }) => last.getTime()))),
        };
      });
      const { rows } = await reader.query(
        'SELECT user_id, session_count, total_talked_time, last_session FROM generate_weekly_report($1)',
        [from.toISOString().slice(0, 10)],
      );
      const byUser = (x: { user_id: string }, y: { user_id: string }) =>
        Buffer.from(x.user_id).compare(Buffer.from(y.user_id));
      expect(rows).toEqual(expectedRows.sort(byUser));
    }
  });

  /** Sessions by the oracle: folded from the raw events. */
  async function sessionsFromEvents() {
    const events = (
      await Promise.all(
        builtInTypes.map(async (type) => (await stored(type)).map((event) => ({ type, event }))),
      )
    ).flat();
    const sessions = new Map<string, typeof events>();
    for (const entry of events) {
      const id = entry.event.session_id;
      if (id !== null) sessions.set(id, [...(sessions.get(id) ?? []), entry]);
    }
    return [...sessions].map(([session_id, entries]) => {
      const instants = entries.map(({ event }) => event.ts.getTime());
      const users = entries.flatMap(({ event }) => event.user_id ?? []);
      const ends = entries.filter(({ type }) => type.session?.ends).map(({ event }) => event.ts.getTime());
      return {
        session_id,
        user_id: users.sort((x, y) => Buffer.from(y).compare(Buffer.from(x)))[0] ?? null,
        first: new Date(Math.min(...instants)),
        last: new Date(Math.max(...instants)),
        ended: ends.length > 0 ? new Date(Math.max(...ends)) : null,
        events: entries.length,
        talked: entries.reduce(
          (sum, { type, event }) =>
            sum + (type.session?.talkedTime ? (event.payload[type.session.talkedTime] as number) : 0),
          0,
        ),
      };
    });
  }

  it('answer every query of docs/sql.md', async () => {
    const page = readFileSync('docs/sql.md', 'utf8');
    const queries = [...page.matchAll(/^```sql\n(.*?)^```/gms)].flatMap(([, block]) =>
      block!.split(';').filter((query) => query.trim() !== ''),
    );
    expect(queries.length).toBeGreaterThan(10);
    for (const query of queries) {
      const answer = await reader.query(query).catch(({ message }) => message);
      expect([query, answer]).toEqual([query, expect.objectContaining({ command: 'SELECT' })]);
    }
    for (const view of builtInTypes.map(viewName)) expect(page).toContain(`\`${view}\``);
  });

  it('are replaced when their type changes, and dropped with it', async () => {
    const state = async () => {
      const { rows } = await owner.query<{ name: string; oid: string }>(
        `SELECT relname AS name, oid::text FROM pg_class WHERE relkind = 'v' AND obj_description(oid, 'pg_class') LIKE '%[event view %'`,
      );
      return new Map(rows.map(({ name, oid }) => [name, oid]));
    };
    const before = await state();
    expect([...before.keys()].sort()).toEqual(builtInTypes.map(viewName).sort());
    const [first, second, ...rest] = builtInTypes as [EventType, EventType, ...EventType[]];
    const schema = { ...second.schema, properties: { extra: { type: 'boolean' } } };
    await replaceEventViews(owner, [{ ...second, schema }, ...rest]);
    const after = await state();
    expect(after.has(viewName(first))).toBe(false);
    expect(after.get(viewName(second))).not.toBe(before.get(viewName(second)));
    for (const type of rest) expect(after.get(viewName(type))).toBe(before.get(viewName(type)));
    await reader.query(`SELECT extra FROM ${viewName(second)}`);
    await replaceEventViews(owner, builtInTypes);
    expect([...(await state()).keys()].sort()).toEqual([...before.keys()].sort());
  });
});
