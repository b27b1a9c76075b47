import { builtInTypes } from '#catalog';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { type Answer, expectProblem, HttpClient } from '../support/http-client.js';
import { expectNoDifference } from '../support/judge.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

/** Longest time in milliseconds until every replica knows a change. */
const SPREAD_MS = 5_000;

let running: RunningApi;
let caller: Caller;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
});
afterAll(() => running?.stop());
beforeEach(async () => {
  caller = await running.createCaller();
  client = new HttpClient(running.url, caller.ingestKey);
});

const trip = {
  schema: {
    type: 'object',
    properties: {
      line: { type: 'string', pattern: '^[A-Z]\\d+$' },
      stops: { type: 'integer', minimum: 0 },
      km: { type: 'number' },
    },
    required: ['line'],
    additionalProperties: true,
  },
  dimensions: ['line'],
  measures: ['stops'],
};
const put = (name: string, definition: object, key = caller.adminKey) =>
  client.post(definition, { method: 'PUT', path: `/v1/event-types/${name}`, key });
const get = (path: string, key = caller.readKey) => client.send({ path, key });
const data = (answer: Answer) => (answer.body as { data?: unknown[] }).data;
const ts = new Date().toISOString();
const event = (id: string, payload: object, type = 'trip') => ({ id, ts, type, payload });

interface Aggregates {
  series: { group: object; points: { count: number; sum: number }[] }[];
}
const aggregates = async (query: string) => {
  const answer = await get(`/v1/aggregates?type=trip&window=1d&${query}`);
  const { series } = answer.body as unknown as Aggregates;
  return series?.map(({ group, points }) => [group, points[0]!.count, points[0]!.sum]);
};

describe('the catalog', () => {
  it('holds the built-in types, and those that the organization registered', async () => {
    const outsider = await running.createCaller();
    expect((await put('trip', trip)).status).toBe(201);
    const again = await put('trip', trip);
    expect([again.status, again.body]).toEqual([
      200,
      { name: 'trip', built_in: false, ...trip, updated_at: expect.stringMatching(/\.\d{3}Z$/) },
    ]);
    expect((await get('/v1/event-types/trip')).body).toEqual(again.body);
    expect(data(await get('/v1/event-types'))).toContainEqual(again.body);
    const builtIn = { name: 'page_view', built_in: true, updated_at: null };
    expect((await get('/v1/event-types/page_view')).body).toMatchObject(builtIn);
    expect(data(await get('/v1/event-types', outsider.readKey))).toHaveLength(builtInTypes.length);
    expectProblem(await get('/v1/event-types/trip', outsider.readKey), 404, 'not_found');
    expectProblem(await put('trip', trip, caller.ingestKey), 403, 'forbidden');
    expectProblem(await put('page_view', trip), 409, 'built_in_type');
  });

  it.each(['', '#'])('accepts a $schema of draft 2020-12%s', async (suffix) => {
    const $schema = `https://json-schema.org/draft/2020-12/schema${suffix}`;
    expect((await put('trip', { ...trip, schema: { $schema, ...trip.schema } })).status).toBeLessThan(300);
  });

  it('holds up to 200 types per organization', async () => {
    await running.database.query(
      `INSERT INTO event_types (organization_id, name, revision, schema, dimensions, measures)
       SELECT $1, 'type' || n, n, '{"type":"object"}', '{}', '{}' FROM generate_series(1, 200) AS n`,
      [caller.organizationId],
    );
    expectProblem(await put('one_more', trip), 409, 'too_many_event_types');
    expect((await put('type7', { schema: { type: 'object', minProperties: 1 } })).status).toBe(200);
  });
});

describe('the audit log', () => {
  const actor = () => `key:${caller.adminKey.split('_')[1]}`;
  const entries = async () => data(await get(`/v1/audit-log?actor=${actor()}`, caller.adminKey));
  const entry = (action: string, revision: number) => ({
    id: expect.any(String),
    at: expect.any(String),
    actor: actor(),
    action,
    origin: '127.0.0.1',
    details: { name: 'trip', revision },
  });

  it('names who registered or changed a type, and the new revision', async () => {
    await put('trip', trip);
    await put('trip', { ...trip, dimensions: [] });
    // A request that changes nothing or is refused is not logged.
    await put('trip', { ...trip, dimensions: [] });
    await put('trip', { ...trip, dimensions: ['lane'] });
    await put('page_view', trip);
    expect(await entries()).toEqual([entry('event_type.change', 2), entry('event_type.register', 1)]);
  });

  it('is written in the same transaction as the change', async () => {
    await running.database.query(
      `ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (action <> 'event_type.register') NOT VALID`,
    );
    try {
      expectProblem(await put('trip', trip), 500, 'internal_error');
      expectProblem(await get('/v1/event-types/trip'), 404, 'not_found');
      expect(await entries()).toEqual([]);
    } finally {
      await running.database.query('ALTER TABLE audit_log DROP CONSTRAINT full_disk');
    }
  });
});

describe('events of a registered type', () => {
  it('are validated, counted and verified by the definition they were accepted under', async () => {
    const outsider = await running.createCaller();
    await put('trip', trip);
    const mixed = [
      event('a', { line: 'S1', stops: 3, km: 10 }),
      event('b', { line: 'S1', stops: 4 }),
      event('c', { line: 'U7', km: 2 }),
      event('d', { line: 'nowhere' }),
      event('e', { line: 'S1', stops: -1 }),
      event('f', { line: 'S1', stops: 2 ** 53 - 2 + 1e300 }),
      event('g', { page: '/' }, 'page_view'),
    ];
    expect((await client.post(mixed)).body).toMatchObject({
      accepted: 4,
      rejected: [
        { index: 3, code: 'schema_violation', path: '/payload/line' },
        { index: 4, code: 'schema_violation', path: '/payload/stops' },
        { index: 5, path: '/payload/stops' },
      ],
    });
    const refused = await client.post(event('a', { line: 'S1' }), { key: outsider.ingestKey });
    expect(refused.body.errors).toMatchObject([{ code: 'unknown_type' }]);
    // Sent twice, counted once.
    await client.post(mixed.slice(0, 3));
    await running.untilStored(caller.organizationId, 4);
    expect(await aggregates('group_by=line&measure=stops&stats=count,sum')).toEqual([[{ line: 'S1' }, 2, 7]]);

    const changed = { ...trip, dimensions: [], measures: ['km', 'stops'] };
    expect((await put('trip', changed)).status).toBe(200);
    expect((await client.post(event('h', { line: 'S1', km: 5, stops: 1 }))).status).toBe(202);
    await running.untilStored(caller.organizationId, 5);
    // Kilometres were not counted before, and lines are not counted any more.
    expect(await aggregates('measure=km&stats=count,sum')).toEqual([[{}, 1, 5]]);
    expect(await aggregates('measure=stops&stats=count,sum')).toEqual([[{}, 3, 8]]);
    expectProblem(await get('/v1/aggregates?type=trip&group_by=line'), 400, 'invalid_query');
    const { rows } = await running.database.query(
      'SELECT id, type_revision FROM events WHERE organization_id = $1 ORDER BY id',
      [caller.organizationId],
    );
    expect(rows.map((row) => [row.id, row.type_revision])).toEqual([
      ...[
        ['a', 1],
        ['b', 1],
        ['c', 1],
      ],
      ...[
        ['g', null],
        ['h', 2],
      ],
    ]);
    await expectNoDifference(running.databaseUrl);
  });

  it('fail verify when they are counted by another definition', async () => {
    await put('trip', trip);
    await client.post([event('a', { line: 'S1', stops: 3 })]);
    await running.untilStored(caller.organizationId, 1);
    const name = [caller.organizationId];
    await running.database.query(`UPDATE event_types SET dimensions = '{}' WHERE organization_id = $1`, name);
    await expect(expectNoDifference(running.databaseUrl)).rejects.toThrow(/rollup/);
    await running.database.query(
      `UPDATE event_types SET dimensions = '{line}' WHERE organization_id = $1`,
      name,
    );
    await expectNoDifference(running.databaseUrl);
  });

  it('are validated by a new or changed definition on every replica within 5 seconds', async () => {
    const other = await BuiltProcess.service('api', { DATABASE_URL: running.databaseUrl });
    try {
      const there = new HttpClient(other.url, caller.ingestKey);
      // The replica has now cached that the caller has no types of its own.
      expect((await there.post(event('a', { line: 'S1' }))).body.errors).toMatchObject([
        { code: 'unknown_type' },
      ]);
      await put('trip', trip);
      const isAccepted = async () => (await there.post(event('a', { line: 'S1' }))).status === 202;
      await eventually('the type is known', isAccepted, SPREAD_MS);
      await put('trip', { ...trip, schema: { ...trip.schema, required: ['line', 'km'] } });
      const isRefused = async () => (await there.post(event('a', { line: 'S1' }))).status === 400;
      await eventually('the change is known', isRefused, SPREAD_MS);
    } finally {
      await other.stop();
    }
  });
});
