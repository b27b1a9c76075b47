import { HttpClient } from '../support/http-client.js';
import {
  documentedOperations,
  documentedPath,
  filledPath,
  type Operations,
  type Route,
  routeTable,
} from '../support/route-table.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** All that is public: health, documentation, and the links in mails. */
const PUBLIC =
  /^\/(health(\/live|\/ready)?|api\/metrics\/health|api\/analytics\/healthz|(api\/analytics\/)?(openapi\.json|docs(\/.*)?)|v1\/unsubscribe\/.+)$/;

describe('a caller without a key', () => {
  let running: RunningApi;
  let client: HttpClient;
  let routes: Route[];
  let operations: Operations;

  beforeAll(async () => {
    running = await startApi({ workers: 0 });
    client = new HttpClient(running.url, '');
    routes = await routeTable(running.databaseUrl);
    operations = await documentedOperations(client);
  });
  afterAll(() => running?.stop());

  it('is refused on every route and method except the public ones', async () => {
    const paths = [...new Set(routes.map(({ url }) => url))];
    expect(paths.length).toBeGreaterThan(30);
    const open: string[] = [];
    for (const url of paths) {
      for (const method of METHODS) {
        const body = method === 'GET' || method === 'HEAD' ? undefined : Buffer.from('{}');
        const path = filledPath(url, 'x');
        const { status } = await client.send({ method, path, key: null }, body);
        expect([method, path, status < 500]).toEqual([method, path, true]);
        if (![401, 404, 405].includes(status)) open.push(path);
      }
    }
    expect(open.filter((path) => !PUBLIC.test(path))).toEqual([]);
    expect(open).toEqual(
      expect.arrayContaining(['/health', '/health/live', '/health/ready', '/openapi.json']),
    );
  });

  it.each(['/nope', '/health/live', '/v1/events'])('is refused at %s before body parsing', async (path) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { status } = await client.send(
      { method: 'POST', path, key: null, headers },
      Buffer.from('no gzip'),
    );
    expect(status).toBe(path === '/v1/events' ? 401 : 404);
    // By default Node drops all headers after the 2,000th.
    const many = Object.fromEntries(Array.from({ length: 2_005 }, (_, i) => [`a${i}`, '']));
    const hidden = await client.send(
      { method: 'POST', path, key: null, headers: { ...many, ...headers } },
      Buffer.from('no gzip'),
    );
    expect(hidden.status).toBe(path === '/v1/events' ? 401 : 404);
  });

  it('can read in OpenAPI which permission each route needs', () => {
    const undocumented = routes
      .filter(({ method, url }) => method !== 'HEAD' && !PUBLIC.test(url) && !url.startsWith('/queues'))
      .filter(({ method, url }) => !operations[documentedPath(url)]?.[method.toLowerCase()]);
    expect(undocumented).toEqual([]);
    const silent = Object.entries(operations).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => !operation['x-permission'])
        .map(([method]) => `${method} ${path}`),
    );
    expect(silent).toEqual([]);
    expect(operations['/metrics']?.get?.['x-permission']).toEqual(['monitor']);
  });
});
