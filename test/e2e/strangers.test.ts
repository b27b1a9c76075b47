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
/** All that anyone may have: whether it is up, and how it is called. */
const PUBLIC = /^\/(health(\/live|\/ready)?|openapi\.json|docs(\/.*)?)$/;

describe('a stranger', () => {
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

  it('gets an answer from no route, by no method, but from the public ones', async () => {
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

  it('can read what every other route asks for', () => {
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
