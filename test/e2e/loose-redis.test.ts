import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { startApi } from '../support/running-api.js';

describe('a Redis without durability', () => {
  it('is reported when the API starts', async () => {
    const port = await freePort();
    const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'];
    const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...settings]);
    try {
      const running = await startApi({ workers: 0, settings: { REDIS_URL: `redis://127.0.0.1:${port}` } });
      await eventually('it is reported', () => /Redis may lose accepted events/.test(running.api.output));
      expect(running.api.output).toContain(
        'appendonly is no, not yes; appendfsync is everysec, not always; maxmemory-policy is allkeys-lru, not noeviction',
      );
      await running.stop();
    } finally {
      redis.kill();
      await once(redis, 'exit');
    }
  });
});
