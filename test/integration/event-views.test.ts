import pg from 'pg';
import { builtInTypes, type EventType, viewName } from '#catalog';
import { replaceEventViews } from '../../apps/cli/src/event-views/event-views.store.js';
import { payloadColumns } from '../../apps/cli/src/event-views/payload-columns.js';
import { Random } from '../support/random.js';
import { SqlFixture, type StoredEvent } from '../support/sql-fixture.js';

/** Bigints as numbers, as JSON has them. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

describe('the views of event types', () => {
  const random = Random.announced();
  let fixture: SqlFixture;

  beforeAll(async () => {
    fixture = await SqlFixture.create(random);
  });
  afterAll(() => fixture?.drop());

  /** What the view should show of an event. */
  function expected(type: EventType, { payload, ...event }: StoredEvent) {
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
      const events = await fixture.stored(type);
      expect(events.length).toBeGreaterThan(20);
      const { rows } = await fixture.reader.query(`SELECT ${columns(type)} FROM ${view} ORDER BY ts, id`);
      expect(rows).toEqual(events.map((event) => expected(type, event)));
      for (let i = 0; i < 5; i++) {
        const ends = [random.pick(events).ts, random.pick(events).ts].sort(
          (x, y) => x.getTime() - y.getTime(),
        );
        const [from, to] = ends as [Date, Date];
        const range = await fixture.reader.query(
          `SELECT ${columns(type)} FROM ${view}($1, $2) ORDER BY ts, id`,
          ends,
        );
        const inRange = events.filter(({ ts }) => ts >= from && ts < to);
        expect(range.rows).toEqual(inRange.map((event) => expected(type, event)));
      }
    },
  );

  it('have no column twice, and no name that something else has', async () => {
    const { rows } = await fixture.owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
    );
    const views = builtInTypes.map(viewName);
    expect(new Set([...views, ...rows.map(({ name }) => name)]).size).toBe(views.length + rows.length);
  });

  it('show events that another schema accepted, with NULL where a number may be no number', async () => {
    await fixture.owner.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, payload, type_revision)
       VALUES ($1, now(), now(), 'odd', 'page_view', '{"status": "none", "page": 7, "bytes": 1.5}', 1)`,
      [fixture.organization.id],
    );
    const { rows } = await fixture.reader.query(
      `SELECT page, status, bytes, payload FROM page_views WHERE id = 'odd'`,
    );
    expect(rows).toEqual([
      { page: '7', status: null, bytes: null, payload: { status: 'none', page: 7, bytes: 1.5 } },
    ]);
    await fixture.owner.query(`DELETE FROM event_rows WHERE id = 'odd'`);
  });

  it('read the events of one user', async () => {
    const users = await fixture.owner.query(
      'SELECT user_id, count(*) AS events FROM events WHERE organization_id = $1 AND user_id IS NOT NULL GROUP BY 1',
      [fixture.organization.id],
    );
    for (const { user_id, events } of users.rows) {
      const { rows } = await fixture.reader.query('SELECT count(*) AS events FROM events_of_user($1)', [
        user_id,
      ]);
      expect([user_id, rows[0].events]).toEqual([user_id, events]);
    }
    const { rows } = await fixture.reader.query(`SELECT count(*) AS events FROM events('-infinity')`);
    expect(rows).toEqual((await fixture.reader.query('SELECT count(*) AS events FROM events')).rows);
  });

  it('are replaced when their type changes, and dropped with it', async () => {
    const state = async () => {
      const { rows } = await fixture.owner.query<{ name: string; oid: string }>(
        `SELECT relname AS name, oid::text FROM pg_class WHERE relkind = 'v' AND obj_description(oid, 'pg_class') LIKE '%[event view %'`,
      );
      return new Map(rows.map(({ name, oid }) => [name, oid]));
    };
    const before = await state();
    expect([...before.keys()].sort()).toEqual(builtInTypes.map(viewName).sort());
    const [first, second, ...rest] = builtInTypes as [EventType, EventType, ...EventType[]];
    const schema = { ...second.schema, properties: { extra: { type: 'boolean' } } };
    await replaceEventViews(fixture.owner, [{ ...second, schema }, ...rest]);
    const after = await state();
    expect(after.has(viewName(first))).toBe(false);
    expect(after.get(viewName(second))).not.toBe(before.get(viewName(second)));
    for (const type of rest) expect(after.get(viewName(type))).toBe(before.get(viewName(type)));
    await fixture.reader.query(`SELECT extra FROM ${viewName(second)}`);
    await replaceEventViews(fixture.owner, builtInTypes);
    expect([...(await state()).keys()].sort()).toEqual([...before.keys()].sort());
  });
});
