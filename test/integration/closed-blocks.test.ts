import pg from 'pg';
import { closeDay } from '#segments';
import { Random } from '../support/random.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const yesterday = { from: new Date(today - DAY_MS), to: new Date(today) };
const MEGABYTE = 1024 * 1024;

interface Row {
  readonly ts: Date;
  readonly id: string;
  readonly type?: string;
  readonly user_id?: string | null;
  readonly session_id?: string | null;
  readonly src?: string | null;
  readonly payload?: string;
  readonly type_revision?: number | null;
}

describe('blocks of a closed day', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
  });
  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const insert = (organizationId: string, rows: readonly Row[]) =>
    owner.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision)
       SELECT $1, ts, ts + interval '1 second', id, coalesce(type, 'page_view'), user_id, session_id, src,
              coalesce(payload, '{}')::json, type_revision
       FROM json_to_recordset($2) AS r(ts timestamptz, id text, type text, user_id text, session_id text, src text,
                                       payload text, type_revision int)`,
      [organizationId, JSON.stringify(rows)],
    );
  const stored = async (organizationId: string) =>
    (
      await owner.query('SELECT e::text FROM events AS e WHERE organization_id = $1 ORDER BY ts, id', [
        organizationId,
      ])
    ).rows;
  const blocks = async (organizationId: string) => {
    const { rows } = await owner.query<{ events: number; bytes: number; overlaps: boolean }>(
      `SELECT events, payload_bytes::float8 AS bytes,
              ((first_ts, first_id) <= (lag(last_ts) OVER byEnd, lag(last_id) OVER byEnd)) IS TRUE AS overlaps
       FROM event_blocks WHERE organization_id = $1
       WINDOW byEnd AS (ORDER BY last_ts, last_id) ORDER BY last_ts, last_id`,
      [organizationId],
    );
    return rows;
  };
  const at = (share: number) => new Date(today - DAY_MS + Math.floor(share * (DAY_MS - 1)));
  const close = () => closeDay(worker.pool, yesterday);

  it('keep every column as it was, whatever is in it', async () => {
    const { id } = await database.createOrganization('Odd');
    const uuid = '0188a1f0-7c3e-7abc-8def-0123456789ab';
    const rows: Row[] = [
      { ts: at(0), id: uuid, payload: '{}' },
      { ts: at(0), id: uuid.toUpperCase(), payload: '{ "spaced" :\n [1,\t2] }' },
      { ts: at(0.1), id: uuid.replaceAll('-', ''), payload: `{"text":"${'\\u001e\\n\\\\'.repeat(3)}"}` },
      { ts: at(0.2), id: '𝒳'.repeat(32), user_id: '', session_id: '', src: '' },
      { ts: at(0.3), id: 'x'.repeat(128), user_id: 'NULL', session_id: '{}', src: '"' },
      { ts: at(0.4), id: 'large', payload: JSON.stringify({ note: random.pick(['x', '𝒳']).repeat(32_000) }) },
      { ts: at(1), id: 'last', user_id: null, payload: '{"a":1,"a":2}' },
      ...Array.from({ length: 300 }, (_, i) => ({
        ts: at(i / 300),
        id: `own-${i}`,
        type: 'own',
        // The type is changed in the middle of the day.
        type_revision: i < 150 ? 1 : 2,
      })),
      // More types than get segments of their own.
      ...Array.from({ length: 200 }, (_, i) => ({
        ts: at(0.5),
        id: `${uuid}-${i}`,
        type: `type ${i % 100}`,
      })),
    ];
    await insert(id, random.shuffle(rows));
    const before = await stored(id);
    await close();
    expect(await blocks(id)).toEqual([expect.objectContaining({ events: rows.length })]);
    expect(await stored(id)).toEqual(before);
  });

  it('are merged with late events next to them while they are small', async () => {
    const { id } = await database.createOrganization('Late');
    const row = (i: number) => ({ ts: at(random.integer(0, 1e6) / 1e6), id: `late-${i}` });
    for (let i = 0; i < 30; i++) {
      await insert(id, [row(2 * i), row(2 * i + 1)]);
      await close();
    }
    expect((await blocks(id)).map(({ events }) => events)).toEqual([60]);
  });

  it('are not opened for a late event when one of their segments is missing', async () => {
    const { id } = await database.createOrganization('Missing');
    const type = (i: number) => (i < 100 ? 'often' : 'rare');
    await insert(
      id,
      Array.from({ length: 110 }, (_, i) => ({ ts: at(i / 110), id: `event-${i}`, type: type(i) })),
    );
    await close();
    await owner.query(`DELETE FROM event_segments WHERE organization_id = $1 AND type = ''`, [id]);
    await insert(id, [{ ts: at(0.5), id: 'late' }]);
    await expect(close()).rejects.toThrow(/segments differ/);
    expect(await stored(id)).toHaveLength(101);
    await owner.query('DELETE FROM event_rows WHERE organization_id = $1', [id]);
  });

  it('have at most 4,000 events and 4 MB of payloads, and do not overlap', async () => {
    const { id } = await database.createOrganization('Large');
    const payload = JSON.stringify({ note: 'x'.repeat(32_000) });
    const rows = [
      ...Array.from({ length: 9000 }, (_, i) => ({ ts: at(0.5 + i / 20_000), id: `small-${i}` })),
      ...Array.from({ length: 700 }, (_, i) => ({ ts: at(i / 2000), id: `large-${i}`, payload })),
    ];
    await insert(id, rows);
    const before = await stored(id);
    await close();
    // Late rows among all of them.
    const late = rows.filter(() => random.chance(0.05)).map((row) => ({ ...row, id: `${row.id}-late` }));
    await insert(id, late);
    await close();
    const found = await blocks(id);
    expect(found.reduce((sum, { events }) => sum + events, 0)).toBe(rows.length + late.length);
    for (const { events, bytes, overlaps } of found) {
      expect(events).toBeLessThanOrEqual(4000);
      expect(bytes).toBeLessThan(4 * MEGABYTE + payload.length);
      expect(overlaps).toBe(false);
    }
    expect(found.length).toBeLessThan(16);
    const after = new Set((await stored(id)).map(({ e }) => e));
    expect(before.filter(({ e }) => !after.has(e))).toEqual([]);
  });

  it('answer for the payloads of a type as their events do', async () => {
    const { id } = await database.createOrganization('Payloads');
    const types = ['often', 'often', 'often', ...Array.from({ length: 20 }, (_, i) => `rare ${i}`)];
    const rows = (name: string) =>
      Array.from({ length: 2000 }, (_, i) => ({
        ts: at(random.integer(0, 1e6) / 1e6),
        id: `${name}-${i}`,
        type: random.pick(types),
        payload: JSON.stringify({ n: i }),
      }));
    await insert(id, rows('closed'));
    await close();
    await insert(id, rows('late'));
    for (const type of ['often', 'rare 3', 'none']) {
      const range = [at(random.integer(0, 500) / 1000), at(random.integer(500, 1000) / 1000)];
      const { rows: sums } = await owner.query(
        `SELECT (SELECT count(*) || ' ' || sum((p->>'n')::int) FROM payloads_between($1, $2, $3, $4) AS p) AS payloads,
                (SELECT count(*) || ' ' || sum((payload->>'n')::int) FROM events_between($1, $2, $3) WHERE type = $4)
                  AS events`,
        [id, ...range, type],
      );
      expect(sums[0].payloads).toBe(sums[0].events);
    }
  });

  it('rule out users and sessions that they do not have, unless hashes are other ones here', async () => {
    const { id } = await database.createOrganization('Filters');
    await insert(id, [{ ts: at(0.5), id: 'one', user_id: 'ada', session_id: 's1' }]);
    await close();
    const asked = `
      SELECT may_have_user(filter, 'ada') AS ada, may_have_user(filter, 's1') AS s1, may_have_session(filter, 's1') AS session,
             may_have_user(filter, 'bob') AS bob
      FROM (SELECT %s AS filter FROM event_blocks WHERE organization_id = $1) AS b`;
    const { rows: here } = await owner.query(asked.replace('%s', 'filter'), [id]);
    expect(here).toEqual([{ ada: true, s1: false, session: true, bob: false }]);
    const reversed = `(SELECT string_agg(substring(filter FROM n FOR 1), '' ORDER BY n DESC)
      FROM generate_series(1, length(filter)) AS n)`;
    const { rows: elsewhere } = await owner.query(asked.replace('%s', reversed), [id]);
    expect(elsewhere).toEqual([{ ada: true, s1: true, session: true, bob: true }]);
  });
});
