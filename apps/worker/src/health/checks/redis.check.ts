import type { Figures, Verdict } from '#health';
import { type RedisState, redisState } from '#queue';
import { HealthQueues } from '../reads/health-queues.js';
import { defineCheck } from './define-check.js';
import { type Finding, reached, verdictOf, when } from './judge.js';

/** Milliseconds of a PING. Adding a job is given up after 600. */
const LATENCY = { warn: 100, fail: 600 };
/** Share of maxmemory. At 1, Redis refuses writes, and the API answers 503. */
const MEMORY = { warn: 0.75, fail: 0.9 };

/** What happens with a setting of Redis that differs from what a 202 promises. */
const HARM = {
  appendonly: { status: 'fail', means: 'a restart loses accepted events' },
  'maxmemory-policy': { status: 'fail', means: 'a full Redis throws accepted events away' },
  appendfsync: { status: 'warn', means: 'a crash of the machine loses the events of the last second' },
} as const;

/** Pure. */
export function judgeRedis(state: RedisState): Verdict {
  const { breaches, latency_ms, used_memory_bytes, max_memory_bytes, aof_last_write, aof_last_rewrite } =
    state;
  const settings = Object.fromEntries((breaches ?? []).map(({ name, given }) => [name, given]));
  const figures: Figures = { ...state, breaches: breaches === null ? null : settings };
  return verdictOf('Redis answers quickly, has memory, and writes each job to disk.', figures, [
    ...(breaches ?? []).map(({ name, given, required }): Finding => {
      const { status, means } = HARM[name];
      return { status, says: `Redis has ${name} ${given}, so ${means}: set it to ${required}.` };
    }),
    ...reached(
      latency_ms,
      LATENCY,
      `Redis took ${latency_ms} ms for a PING: see what keeps it or its disk busy.`,
    ),
    ...reached(
      max_memory_bytes === null ? 0 : used_memory_bytes / max_memory_bytes,
      MEMORY,
      `Redis uses ${used_memory_bytes} of ${max_memory_bytes} bytes: raise maxmemory, or start more workers.`,
    ),
    ...when(
      aof_last_write === 'err',
      'fail',
      'Redis could not write its append-only file: see what is free on its disk.',
    ),
    ...when(
      aof_last_rewrite === 'err',
      'warn',
      'Redis could not rewrite its append-only file, which grows: see what is free on its disk and in memory.',
    ),
    ...when(
      breaches === null && !state.aof_enabled,
      'fail',
      'Redis has no append-only file, so a restart loses accepted events: set appendonly to yes.',
    ),
  ]);
}

/** Whether Redis keeps what it accepts. Null when the queue is in PostgreSQL. */
export const redis = defineCheck({
  name: 'redis',
  inject: [HealthQueues],
  async run(_context, queues) {
    const state = await redisState(queues.get('ingest'));
    return state && judgeRedis(state);
  },
});
