import { HttpClient } from '../support/http-client.js';
import {
  documentedOperations,
  documentedPath,
  filledPath,
  type Operation,
  routeTable,
} from '../support/route-table.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';
import { TestWorker } from '../support/test-worker.js';

/** Stands in everything that the first organization has, and in no request of the second. */
const SECRET = 'only-for-the-first';
const USER = 'ada';
const SESSION = 'session-of-ada';
/** A value of the first organization's that must not be found in an answer to the second. */
const AMOUNT = 1_234_567;
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
  // Cursors of nobody's making.
  ...[['\0'], [1, '\0'], [1e300, 'x'], [-1e15, 'x'], [1.5, 'x']].map((position) =>
    Buffer.from(JSON.stringify(position)).toString('base64url'),
  ),
];

interface Listed {
  readonly next_cursor?: string | null;
}

describe('a second organization', () => {
  let running: RunningApi;
  let first: Caller;
  let owner: HttpClient;
  let intruder: HttpClient;
  /** Cursors that the first organization was given. */
  const cursors: string[] = [];

  beforeAll(async () => {
    running = await startApi({ workers: 0 });
    await running.startWorker();
    first = running.caller;
    owner = new HttpClient(running.url, first.adminKey);
    intruder = new HttpClient(running.url, (await running.createCaller()).adminKey);
    const events = Array.from({ length: 5 }, (_, i) => ({
      ...{ id: `${SECRET}-${i}`, type: 'command_execution', user_id: USER, session_id: SESSION },
      payload: { command_name: `${SECRET}-${i}`, execution_time_ms: AMOUNT, status: 'success' },
    }));
    expect((await owner.post(events)).status).toBe(202);
    await running.untilStored(first.organizationId, events.length);
    // Else the worker would fold in what it has stored, and that is a change, too.
    const folding = new TestWorker(running.databaseUrl);
    await folding.compact();
    await folding.end();
    for (const path of [
      '/v1/events?limit=1',
      '/v1/aggregates?type=command_execution&group_by=command_name&limit=1',
    ]) {
      const { text } = await owner.send({ path });
      expect(text).toContain(SECRET);
      cursors.push((JSON.parse(text) as Listed).next_cursor!);
    }
    expect(cursors.every(Boolean)).toBe(true);
  });
  afterAll(() => running?.stop());

  /** All that the first organization has, table by table, as the superuser sees it. */
  async function holdings(): Promise<string> {
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

  /** What is put into each parameter: everything of the first organization's that a caller may know, and worse. */
  const values = () => [
    ...[
      first.organizationId,
      USER,
      SESSION,
      'command_execution',
      first.adminKey.split('_')[1]!,
      '1',
      ...cursors,
    ],
    ...INJECTIONS.map((text) => text.replace('ORGANIZATION', first.organizationId)),
  ];

  const queryParameters = ({ parameters = [] }: Operation) =>
    parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);

  /** Requests of one route: its path filled with each value, and each query parameter in turn. */
  function* requestsTo(url: string, operation: Operation): Generator<string> {
    const required = url.includes('aggregates') ? 'type=command_execution&' : '';
    for (const value of values()) {
      const path = filledPath(url, value);
      if (path !== url || value === first.organizationId) yield `${path}?${required}`;
      for (const name of queryParameters(operation)) {
        if (!path.includes(encodeURIComponent(value)) && path !== url) continue;
        yield `${path}?${name === 'type' ? '' : required}${name}=${encodeURIComponent(value)}`;
      }
      if (url.includes('aggregates')) {
        yield `${path}?${required}where%5Bcommand_name%5D=${encodeURIComponent(value)}`;
        yield `${path}?${required}where%5B${encodeURIComponent(value)}%5D=x`;
      }
    }
  }

  it('sees nothing of the first on any route, and changes nothing of it', async () => {
    const before = await holdings();
    const operations = await documentedOperations(owner);
    const routes = (await routeTable(running.databaseUrl)).filter(({ method }) => method !== 'HEAD');
    let asked = 0;
    for (const { method, url } of routes) {
      const operation = operations[documentedPath(url)]?.[method.toLowerCase()];
      if (!operation || operation['x-permission'] === 'public') continue;
      for (const path of requestsTo(url, operation)) {
        const body = method === 'GET' ? undefined : Buffer.from('{}');
        const { status, text } = await intruder.send({ method, path }, body);
        asked++;
        expect([method, path, status < 500 || status === 501]).toEqual([method, path, true]);
        expect([method, path, text.includes(SECRET), text.includes(String(AMOUNT))]).toEqual([
          ...[method, path, false, false],
        ]);
      }
    }
    expect(asked).toBeGreaterThan(300);
    expect(await holdings()).toBe(before);
    expect(running.api.output).not.toMatch(/"level":50/);
  });
});
