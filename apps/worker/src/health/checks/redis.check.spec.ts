import type { RedisState } from '#queue';
import { judgeRedis } from './redis.check.js';

const WELL: RedisState = {
  ...{ latency_ms: 1, used_memory_bytes: 700, max_memory_bytes: 1000 },
  ...{ aof_enabled: true, aof_last_write: 'ok', aof_last_rewrite: 'ok', breaches: [] },
};

describe('judgeRedis', () => {
  it.each<[Partial<RedisState>, string]>([
    [{}, 'ok'],
    [{ latency_ms: 99.9 }, 'ok'],
    [{ latency_ms: 100 }, 'warn'],
    [{ latency_ms: 600 }, 'fail'],
    [{ used_memory_bytes: 749 }, 'ok'],
    [{ used_memory_bytes: 750 }, 'warn'],
    [{ used_memory_bytes: 900 }, 'fail'],
    [{ used_memory_bytes: 900, max_memory_bytes: null }, 'ok'],
    [{ aof_last_write: 'err' }, 'fail'],
    [{ aof_last_rewrite: 'err' }, 'warn'],
    [{ breaches: [{ name: 'appendonly', given: 'no', required: 'yes' }] }, 'fail'],
    [{ breaches: [{ name: 'maxmemory-policy', given: 'allkeys-lru', required: 'noeviction' }] }, 'fail'],
    [{ breaches: [{ name: 'appendfsync', given: 'everysec', required: 'always' }] }, 'warn'],
    [{ breaches: null }, 'ok'],
    [{ breaches: null, aof_enabled: false }, 'fail'],
  ])('with %j is %s', (state, status) => {
    expect(judgeRedis({ ...WELL, ...state }).status).toBe(status);
  });
});
