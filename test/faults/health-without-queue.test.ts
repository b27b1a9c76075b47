import type { HealthReport } from '#health';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';

/** Milliseconds. The canary is given up after 30 s. */
const PATIENCE_MS = 90_000;

let redis: OwnRedis;
let running: RunningApi;

beforeAll(async () => {
  redis = await startOwnRedis();
  const settings = { REDIS_URL: redis.url, ADMIN_TOKEN, HEALTH_CHECK_INTERVAL: '1' };
  running = await startApi({ workers: 2, settings });
});
afterAll(async () => {
  await running?.stop();
  await redis?.stop();
});

const report = async () => {
  const { body } = await new HttpClient(running.url, ADMIN_TOKEN).send({ path: '/v1/admin/health' });
  return body as unknown as Omit<HealthReport, 'checked_at'> & { readonly checked_at: string | null };
};

describe('while Redis hangs', () => {
  afterEach(() => process.kill(redis.pid, 'SIGCONT'));

  it(
    'workers still check health, and say that it hangs',
    async () => {
      await eventually('all is well', async () => (await report()).status === 'ok');
      process.kill(redis.pid, 'SIGSTOP');
      const { rows: now } = await running.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
      await eventually(
        'a run of a later slot',
        async () => {
          const later = 'SELECT FROM health_checks WHERE slot > $1';
          return (await running.database.query(later, [now[0]!.at])).rowCount! > 0;
        },
        PATIENCE_MS,
      );
      const found = await report();
      const failing = found.checks.filter(({ status }) => status === 'fail').map(({ name }) => name);
      expect(failing).toEqual(expect.arrayContaining(['canary', 'queues', 'redis']));
      expect(found.status).toBe('fail');
      expect(found.summary).toMatch(/^fail: .*redis/);
      process.kill(redis.pid, 'SIGCONT');
      await eventually('all is well again', async () => (await report()).status === 'ok');
      // Each slot has one run, whoever made it.
      const { rows } = await running.database.query(
        'SELECT FROM health_checks GROUP BY slot HAVING count(*) > 1',
      );
      expect(rows).toEqual([]);
    },
    2 * PATIENCE_MS,
  );
});
