import { createPool, inTenant } from '#database';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { inParallel } from '../support/in-parallel.js';
import { openPolicies } from '../support/open-policies.js';
import {
  documentedOperations,
  documentedPath,
  filledPath,
  type Operation,
  type Operations,
  routeTable,
} from '../support/route-table.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';
import { fullReport } from '../support/sample-reports.js';
import { TestWorker } from '../support/test-worker.js';

/** Appears in all data of the first organization, and in no request of the second. */
const SECRET = 'only-for-the-first';
/** A measure's value of the first organization that must not appear in an answer to the second. */
const AMOUNT = 1_234_567;
/** Both organizations use the same names, ids and instants. */
const USER = 'ada';
const SESSION = 'session-of-ada';
const OWN_TYPE = 'trip';
const NOW = Date.now();
const ABOUT = { ts: new Date(NOW).toISOString(), user_id: USER, session_id: SESSION };
/** Of the daily metrics, and a range that has it. */
const DAY = '2026-01-31';
const DATES: Readonly<Record<string, string>> = { from: '2026-01-30', to: '2026-02-02' };
const EVENTS = 5;
const AT_ONCE = 8;
/** A thousand requests, on a busy machine. */
const WALK_MS = 240_000;

const INJECTIONS = [
  "' OR '1'='1",
  "'; SELECT set_config('app.current_org_id', 'ORGANIZATION', false); --",
  "') UNION SELECT secret_hash::text, name FROM api_keys --",
  '%',
  '\0',
  '_',
  '\\',
  '"',
  '$1',
  '{"$ne": null}',
  '../../ORGANIZATION',
  // Made-up cursors.
  ...[['\0'], [1, '\0'], [1e300, 'x'], [-1e15, 'x'], [1.5, 'x']].map((position) =>
    Buffer.from(JSON.stringify(position)).toString('base64url'),
  ),
];

/** What differs between the two organizations' data. */
interface Content {
  readonly name: string;
  readonly amount: number;
}

const commandOf = (id: number | string, { name, amount }: Content) => ({
  ...ABOUT,
  id: `command-${id}`,
  type: 'command_execution',
  payload: { command_name: `${name}-${id}`, execution_time_ms: amount, status: 'success' },
});

interface Listed {
  readonly next_cursor?: string | null;
}

describe.each([
  { policies: 'as shipped', isOpen: false },
  { policies: 'open to everyone, so that only the statements keep organizations apart', isOpen: true },
])('two organizations, with policies $policies', ({ isOpen }) => {
  let running: RunningApi;
  let first: Caller;
  let owner: HttpClient;
  let intruder: HttpClient;
  let operations: Operations;
  /** Cursors from answers to the first organization. */
  const cursors: string[] = [];
  /** The rows of the first organization, and its answers by path, before the second existed. */
  let rowsBefore: string;
  const answersBefore = new Map<string, string>();
  let reportOfFirst: string;

  beforeAll(async () => {
    running = await startApi({ workers: 0, settings: { RATE_LIMIT_MAX_REQUESTS: '0' } });
    if (isOpen) await openPolicies(running.database);
    await running.startWorker();
    // At ten past the hour one would store a report, which the test would take for a trespass.
    await eventually('jobs are paused', async () => {
      const { rowCount } = await running.database.query('UPDATE jobs SET paused_at = now()');
      return rowCount! > 0;
    });
    first = running.caller;
    owner = new HttpClient(running.url, first.adminKey);
    reportOfFirst = await fill(owner, first.organizationId, { name: SECRET, amount: AMOUNT });
    // Otherwise the worker would compact later, which changes rows.
    await compact();
    for (const path of [
      '/v1/events?limit=1',
      '/v1/aggregates?type=command_execution&group_by=command_name&limit=1',
    ]) {
      const { text } = await owner.send({ path });
      expect(text).toContain(SECRET);
      cursors.push((JSON.parse(text) as Listed).next_cursor!);
    }
    expect(cursors.every(Boolean)).toBe(true);
    operations = await documentedOperations(owner);
    rowsBefore = await rowsOfFirst();
    await inParallel(ownReads(), AT_ONCE, async (path) => {
      const { status, text } = await owner.send({ path });
      // Performance is that of the whole installation.
      if (status === 200 && !path.startsWith('/api/metrics/performance'))
        answersBefore.set(path, stable(text));
    });
    const second = await running.createCaller();
    intruder = new HttpClient(running.url, second.adminKey);
    await fill(intruder, second.organizationId, { name: 'second', amount: 1 });
    // So that the second has both rollups and deltas.
    await compact();
    await intruder.post([commandOf('later', { name: 'second', amount: 1 })]);
    await running.untilStored(second.organizationId, EVENTS + 2);
  });
  afterAll(() => running?.stop());

  /**
   * Creates a type, a user, a report and events of an organization; resolves once they are stored.
   * @returns the id of the report
   */
  async function fill(
    client: HttpClient,
    organizationId: string,
    { name, amount }: Content,
  ): Promise<string> {
    const definition = {
      schema: { type: 'object', properties: { [name]: { type: 'string' }, stops: { type: 'integer' } } },
      dimensions: [name],
      measures: ['stops'],
    };
    const registered = await client.post(definition, { method: 'PUT', path: `/v1/event-types/${OWN_TYPE}` });
    expect(registered.status).toBe(201);
    expect((await client.post({ external_id: USER, name }, { path: '/v1/users' })).status).toBe(201);
    const own = { type: OWN_TYPE, where: { [name]: name } };
    const path = `/v1/daily-metrics/definitions/${OWN_TYPE}`;
    expect((await client.post(own, { method: 'PUT', path })).status).toBe(201);
    const channels = [{ name, kind: 'mail', target: `${name}@example.com` }];
    const replaced = await client.post({ channels }, { method: 'PUT', path: '/v1/notification-channels' });
    expect(replaced.status).toBe(200);
    // Switched off: an evaluation would change it.
    const rule = { name, kind: 'no_events', minutes: 5, channels: [name], enabled: false };
    expect((await client.post(rule, { path: '/v1/alert-rules' })).status).toBe(201);
    await running.database.query(
      `INSERT INTO alerts (organization_id, rule, name, state, summary, value, started_at, resolved_at)
       VALUES ($1, 'x', $2, 'resolved', $2, $3, now(), now())`,
      [organizationId, name, amount],
    );
    await running.database.query(
      `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value) VALUES ($1, $2, 'events', $3, $4)`,
      [organizationId, DAY, { [name]: name }, amount],
    );
    const recipient = { email: `${name}@example.com`, kinds: ['weekly', 'monthly'] };
    expect((await client.post(recipient, { path: '/v1/report-recipients' })).status).toBe(201);
    await running.database.query(
      'INSERT INTO rejections (organization_id, bucket, code, events) VALUES ($1, $2, $3, $4)',
      [organizationId, DAY, name, amount],
    );
    const commands = Array.from({ length: EVENTS }, (_, i) => commandOf(i, { name, amount }));
    const trip = { ...ABOUT, id: 'trip', type: OWN_TYPE, payload: { [name]: name, stops: amount } };
    expect((await client.post([...commands, trip])).body).toMatchObject({ accepted: EVENTS + 1 });
    await running.untilStored(organizationId, EVENTS + 1);
    const report = fullReport('weekly', 1);
    const content = { ...report, users: [{ ...report.users[0], user_id: name, sessions: amount }] };
    const { rows } = await running.database.query<{ id: string }>(
      `INSERT INTO reports (organization_id, kind, period_start, content) VALUES ($1, $2, $3, $4) RETURNING id`,
      [organizationId, report.kind, report.period.start, content],
    );
    return rows[0]!.id;
  }

  async function compact(): Promise<void> {
    const worker = new TestWorker(running.databaseUrl);
    await worker.compact();
    await worker.end();
  }

  /** All rows of the first organization, table by table, as the superuser sees them. */
  async function rowsOfFirst(): Promise<string> {
    const { rows } = await running.database.query<{ name: string; column: string }>(
      `SELECT c.relname AS name, t.attname AS column FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND (t.attname = 'organization_id' OR (c.relname = 'organizations' AND t.attname = 'id')) ORDER BY 1`,
    );
    const tables = await Promise.all(
      rows.map(async ({ name, column }) => {
        const own = await running.database.query(
          `SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) AS sum, count(*) FROM (
             SELECT to_jsonb(t) - 'last_used_at' AS row FROM ${name} t WHERE t.${column} = $1) rows`,
          [first.organizationId],
        );
        return [name, own.rows[0]];
      }),
    );
    return JSON.stringify(tables, null, 1);
  }

  /** An answer without the one field that reading changes. */
  const stable = (text: string) => text.replace(/"last_used_at":("[^"]*"|null)/g, '"last_used_at":null');

  const queryParameters = ({ parameters = [] }: Operation) =>
    parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);

  /** Paths of all that the first organization can read, with its own values as parameters. */
  function* ownReads(): Generator<string> {
    const hour = 3_600_000;
    const given: Record<string, string> = {
      from: new Date(NOW - hour).toISOString(),
      to: new Date(NOW + hour).toISOString(),
      type: 'command_execution',
      steps: `command_execution:command_name=${SECRET}-1,command_execution`,
    };
    const chosen: Record<string, string> = {
      type: OWN_TYPE,
      user_id: USER,
      session_id: SESSION,
      group_by: 'command_name',
      measure: 'execution_time_ms',
    };
    for (const [path, { get }] of Object.entries(operations)) {
      if (!get || get['x-permission'] === 'public') continue;
      const names = queryParameters(get);
      const dates = path.startsWith('/v1/daily-metrics') ? DATES : {};
      const known = names
        .filter((name) => name in given)
        .map((name) => [name, dates[name] ?? given[name]!] as const);
      for (const value of new Set([first.organizationId, USER, SESSION, OWN_TYPE, reportOfFirst])) {
        const url = `${filledPath(path, value)}?${new URLSearchParams(Object.fromEntries(known))}`;
        yield url;
        for (const name of names.filter((name) => name in chosen)) {
          const query = new URLSearchParams({ ...Object.fromEntries(known), [name]: chosen[name]! });
          yield `${filledPath(path, value)}?${query}`;
        }
        if (!path.includes('{')) break;
      }
    }
  }

  /** Values for each parameter: all that a caller may know about the first organization, and attacks. */
  const values = () => [
    first.organizationId,
    reportOfFirst,
    USER,
    SESSION,
    'command_execution',
    OWN_TYPE,
    first.adminKey.split('_')[1]!,
    '1',
    ...cursors,
    ...INJECTIONS.map((text) => text.replace('ORGANIZATION', first.organizationId)),
  ];

  /** Requests of one route: its path filled with each value, and each query parameter in turn. */
  function* requestsTo(url: string, operation: Operation): Generator<string> {
    const required = url.includes('aggregates')
      ? 'type=command_execution&'
      : url.includes('funnel')
        ? 'steps=command_execution,command_execution&'
        : '';
    for (const value of values()) {
      const path = filledPath(url, value);
      if (path !== url || value === first.organizationId) yield `${path}?${required}`;
      for (const name of queryParameters(operation)) {
        if (!path.includes(encodeURIComponent(value)) && path !== url) continue;
        yield `${path}?${name === 'type' || name === 'steps' ? '' : required}${name}=${encodeURIComponent(value)}`;
      }
      if (url.includes('aggregates')) {
        yield `${path}?${required}where%5Bcommand_name%5D=${encodeURIComponent(value)}`;
        yield `${path}?${required}where%5B${encodeURIComponent(value)}%5D=x`;
      }
    }
  }

  it('are both visible to the role of the API only when policies are open', async () => {
    const api = createPool({ databaseUrl: running.databaseUrl, role: 'api', size: 1 });
    try {
      const { rows } = await inTenant(api, first.organizationId, (client) =>
        client.query('SELECT DISTINCT organization_id FROM events'),
      );
      expect(rows).toHaveLength(isOpen ? 2 : 1);
    } finally {
      await api.end();
    }
  });

  it('each get their own answers, although all names and instants are the same', async () => {
    expect(answersBefore.size).toBeGreaterThanOrEqual(15);
    await inParallel(answersBefore, AT_ONCE, async ([path, text]) => {
      expect([path, stable((await owner.send({ path })).text)]).toEqual([path, text]);
    });
  });

  it(
    'cannot read or change data of each other on any route',
    async () => {
      const routes = (await routeTable(running.databaseUrl)).filter(({ method }) => method !== 'HEAD');
      const requests = routes.flatMap(({ method, url }) => {
        const operation = operations[documentedPath(url)]?.[method.toLowerCase()];
        if (!operation || operation['x-permission'] === 'public') return [];
        return [...requestsTo(url, operation)].map((path) => ({ method, path }));
      });
      expect(requests.length).toBeGreaterThan(300);
      await inParallel(requests, AT_ONCE, async ({ method, path }) => {
        const body = method === 'GET' ? undefined : Buffer.from('{}');
        const { status, text } = await intruder.send({ method, path }, body);
        const isAnswered = status !== 429 && (status < 500 || status === 501);
        const shown = [SECRET, String(AMOUNT)].filter((secret) => text.includes(secret));
        expect([method, path, status, isAnswered, shown]).toEqual([method, path, status, true, []]);
      });
      expect(await rowsOfFirst()).toBe(rowsBefore);
      expect(running.api.output).not.toMatch(/"level":50/);
    },
    WALK_MS,
  );
});
