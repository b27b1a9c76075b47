import { readFileSync } from 'node:fs';
import pg from 'pg';
import { builtInTypes, viewName } from '#catalog';
import { Random } from '../support/random.js';
import { SqlFixture } from '../support/sql-fixture.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;

/** Bigints as numbers, as JSON has them. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

describe('what is counted, in SQL', () => {
  const random = Random.announced();
  let fixture: SqlFixture;

  beforeAll(async () => {
    fixture = await SqlFixture.create(random);
  });
  afterAll(() => fixture?.drop());

  const TABLES = ['rollups', 'sessions', 'user_days'] as const;

  it('is the same before compaction and after it', async () => {
    const query = (table: string, columns: string) =>
      `SELECT ${columns} FROM ${table} ORDER BY ${table.endsWith('rollups') ? '1, 2, 3, 4, 5' : '1, 2'}`;
    const SHOWN = {
      rollups: 'type, measure, window_seconds, bucket, dimensions, count, sum::numeric(20, 3), min, max',
      sessions: 'session_id, first_seen, last_seen, ended_at, user_id, device, talked_seconds, events',
      user_days: 'day, user_id',
    };
    const live = [];
    for (const table of TABLES)
      live.push((await fixture.reader.query(query(`live_${table}`, SHOWN[table]))).rows);
    expect((await fixture.reader.query(query('rollups', SHOWN.rollups))).rows).not.toEqual(live[0]);
    const functions = await functionResults();
    await fixture.worker.compact();
    for (const [i, table] of TABLES.entries()) {
      expect((await fixture.reader.query(query(table, SHOWN[table]))).rows).toEqual(live[i]);
      expect((await fixture.reader.query(query(`live_${table}`, SHOWN[table]))).rows).toEqual(live[i]);
    }
    expect(await functionResults()).toEqual(functions);
  });

  /** What the three functions return for every user, session and the past weeks. */
  async function functionResults() {
    const { rows } = await fixture.reader.query(`
      SELECT to_json(m) AS result FROM (SELECT DISTINCT user_id FROM events WHERE user_id IS NOT NULL) AS u,
        aggregate_user_metrics(u.user_id) AS m
      UNION ALL
      SELECT to_json(d) FROM (SELECT DISTINCT session_id FROM events WHERE session_id IS NOT NULL) AS s,
        get_session_details(s.session_id) AS d
      UNION ALL
      SELECT to_json(w) FROM generate_series(0, 3) AS n, generate_weekly_report(current_date - n::integer * 7) AS w`);
    return rows.map(({ result }) => JSON.stringify(result)).sort();
  }

  it('agrees with the raw events of each type, bucket and day', async () => {
    const counted = await fixture.reader.query(
      `SELECT window_seconds, type, bucket, sum(count)::bigint AS count FROM live_rollups WHERE measure = ''
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    const raw = await fixture.reader.query(
      `SELECT w AS window_seconds, type, to_timestamp(floor(extract(epoch FROM ts) / w) * w) AS bucket, count(*)
       FROM events, unnest(ARRAY[60, 300, 900, 3600, 86400]) AS w GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    expect(counted.rows).toEqual(raw.rows);
    const sums = await fixture.reader.query(
      `SELECT sum(count)::bigint AS count, sum(sum)::numeric(20, 3) AS sum, min(min), max(max) FROM live_rollups
       WHERE type = 'command_execution' AND measure = 'execution_time_ms' AND window_seconds = 900`,
    );
    const times = await fixture.reader.query(
      `SELECT count(execution_time_ms), sum(execution_time_ms)::numeric(20, 3) AS sum,
              min(execution_time_ms)::float8, max(execution_time_ms)::float8 FROM command_executions`,
    );
    expect(sums.rows).toEqual(times.rows);
    const days = await fixture.reader.query('SELECT day::text, user_id FROM live_user_days ORDER BY 1, 2');
    const active = await fixture.reader.query(
      `SELECT DISTINCT (ts AT TIME ZONE 'UTC')::date::text AS day, user_id FROM events WHERE user_id IS NOT NULL ORDER BY 1, 2`,
    );
    expect(days.rows).toEqual(active.rows);
  });

  it('agrees with the raw events of each user and session', async () => {
    await fixture.owner.query(
      `INSERT INTO users (organization_id, external_id, name, email) VALUES ($1, 'ada', 'Ada', 'ada@example.org')`,
      [fixture.organization.id],
    );
    const sessions = await sessionsFromEvents();
    for (const userId of new Set([...sessions.map(({ user_id }) => user_id), 'nobody'])) {
      if (userId === null) continue;
      const own = sessions.filter(({ user_id }) => user_id === userId);
      const { rows } = await fixture.reader.query('SELECT * FROM aggregate_user_metrics($1)', [userId]);
      const total = own.reduce((sum, { talked }) => sum + talked, 0);
      expect(rows).toEqual([{ user_id: userId, total_talked_time: total, session_count: own.length }]);
    }
    for (const session of sessions) {
      const { rows } = await fixture.reader.query('SELECT * FROM get_session_details($1)', [
        session.session_id,
      ]);
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
    expect((await fixture.reader.query(`SELECT * FROM get_session_details('unknown')`)).rows).toEqual([]);
  });

  it('agrees with the raw events of a week', async () => {
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
      const { rows } = await fixture.reader.query(
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
        builtInTypes.map(async (type) => (await fixture.stored(type)).map((event) => ({ type, event }))),
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

  it('answers every query of docs/sql.md', async () => {
    const page = readFileSync('docs/sql.md', 'utf8');
    const queries = [...page.matchAll(/^```sql\n(.*?)^```/gms)].flatMap(([, block]) =>
      block!.split(';').filter((query) => query.trim() !== ''),
    );
    expect(queries.length).toBeGreaterThan(10);
    for (const query of queries) {
      const answer = await fixture.reader.query(query).catch(({ message }) => message);
      expect([query, answer]).toEqual([query, expect.objectContaining({ command: 'SELECT' })]);
    }
    for (const view of builtInTypes.map(viewName)) expect(page).toContain(`\`${view}\``);
  });
});
