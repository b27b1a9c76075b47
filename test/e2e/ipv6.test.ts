import { networkInterfaces } from 'node:os';
import pg from 'pg';
import { ApiKeyAdministration, OrganizationAdministration } from '#identity';
import { BuiltProcess, freePort } from '../support/built-process.js';
import { createDatabase } from '../support/e2e-database.js';
import { eventually } from '../support/eventually.js';
import { ownRedisDatabase } from '../support/redis-database.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TESTER } from '../support/tester.js';

interface StartModule {
  httpUrl(address: { host: string; port: number }): string;
  reachable(host: string): string;
}
const modulePath = '../../bin/start/http-url.mjs';
const { httpUrl, reachable } = (await import(modulePath)) as StartModule;

const hasLoopback = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
if (!hasLoopback) process.stderr.write('This machine has no ::1: tests that listen on it are skipped.\n');

/** Without ::1 the test passes; the line above says why. */
const onLoopback = (work: () => Promise<void>) => (hasLoopback ? work : async () => {});

describe('IPv6', () => {
  it('is written in brackets in the URLs of `npm start`', () => {
    const urlOf = (host: string) => httpUrl({ host: reachable(host), port: 3000 });
    expect(urlOf('::1')).toBe('http://[::1]:3000');
    expect(urlOf('::')).toBe('http://[::1]:3000');
    expect(urlOf('2001:db8::1')).toBe('http://[2001:db8::1]:3000');
    expect(urlOf('fe80::1%eth0')).toBe('http://[fe80::1%25eth0]:3000');
    expect(urlOf('0.0.0.0')).toBe('http://127.0.0.1:3000');
    expect(urlOf('localhost')).toBe('http://localhost:3000');
  });

  it(
    'is served beside IPv4 with HOST=::',
    onLoopback(async () => {
      const own = await createDatabase(process.env.TEST_DATABASE_URL!);
      const port = await freePort();
      const settings = { HOST: '::', PORT: String(port), DATABASE_URL: own.url };
      const api = BuiltProcess.start('apps/api/src/main.js', settings);
      try {
        for (const host of ['[::1]', '127.0.0.1'])
          await api.untilReady(`http://${host}:${port}/health/ready`);
      } finally {
        await api.stop();
        await own.drop();
      }
    }),
  );
});

describe.each(['redis', 'postgres'] as const)('over IPv6 only, with the queue in %s, Millrace', (queue) => {
  it(
    'migrates, accepts an event and counts it',
    onLoopback(async () => {
      const own = await createDatabase(process.env.TEST_DATABASE_URL!);
      const database = await TcpProxy.to(own.url, '::1');
      const redis = await TcpProxy.to(await ownRedisDatabase(), '::1');
      const settings = {
        HOST: '::1',
        RATE_LIMIT_MAX_REQUESTS: '1000',
        DATABASE_URL: database.url,
        ...(queue === 'redis' ? { REDIS_URL: redis.url } : {}),
      };
      const started: BuiltProcess[] = [];
      const start = async (app: 'api' | 'worker', variable: string) => {
        const port = await freePort();
        const service = BuiltProcess.start(`apps/${app}/src/main.js`, {
          ...settings,
          [variable]: String(port),
        });
        started.push(service);
        await service.untilReady(`http://[::1]:${port}/health/ready`);
        return `http://[::1]:${port}`;
      };
      const pool = new pg.Pool({ connectionString: database.url, max: 1 });
      try {
        expect(new URL(database.url).hostname).toBe('[::1]');
        await BuiltProcess.run('apps/cli/src/main.js', settings, ['migrate']);
        const [url] = await Promise.all([start('api', 'PORT'), start('worker', 'WORKER_PORT')]);
        const { id } = await new OrganizationAdministration(pool).create(TESTER, 'IPv6');
        const scopes = ['ingest', 'read'] as const;
        const key = await new ApiKeyAdministration(pool).create(TESTER, id, { name: 'IPv6', scopes });
        const headers = { 'x-api-key': key!.api_key, 'content-type': 'application/json' };
        const body = JSON.stringify({ type: 'page_view' });
        expect((await fetch(`${url}/v1/events`, { method: 'POST', headers, body })).status).toBe(202);
        const count = async () => {
          const { rows } = await pool.query('SELECT origin FROM ledger');
          return rows.length === 1 && rows;
        };
        expect(await eventually('the event is stored', count)).toEqual([{ origin: '::1' }]);
      } finally {
        await Promise.all(started.map((service) => service.stop()));
        await pool.end();
        for (const proxy of [database, redis]) proxy.close();
        await own.drop();
      }
    }),
  );
});
