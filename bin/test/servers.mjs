import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../postgres/server.mjs';
import { startRedis } from '../redis/server.mjs';

const SHARED_MEMORY = '/dev/shm';

/**
 * Starts servers for the tests, separate from all others on this machine.
 * @param {(rank: number, stop: () => unknown) => void} onStarted called for each as soon as it runs
 * @param {{ redis?: boolean }} [options] `redis: false` starts PostgreSQL alone
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for the tests
 */
export async function startTestServers(onStarted, { redis = true } = {}) {
  const [databaseUrl, redisUrl] = await Promise.all([
    startTestPostgres(onStarted),
    redis ? startTestRedis(onStarted) : undefined,
  ]);
  const env = { ...process.env, TEST_DATABASE_URL: databaseUrl };
  if (redisUrl) env.TEST_REDIS_URL = redisUrl;
  // Tests must not use the caller's own servers.
  delete env.DATABASE_URL;
  delete env.REDIS_URL;
  return env;
}

async function startTestPostgres(onStarted) {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  onStarted(0, () => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const password = randomBytes(16).toString('hex');
  // Tests kill processes, not the machine, and the kernel keeps what a killed server wrote. With fsync a disk that is busy
  // for 0.6 s makes the API refuse events, which failed a test.
  const server = await startPostgres({ directory, password, durable: false, preload: 'pg_stat_statements' });
  onStarted(1, () => server.stop());
  return server.url('postgres');
}

async function startTestRedis(onStarted) {
  // Redis keeps the settings of production, `appendfsync always`, but where it can it writes to memory: a busy disk made
  // the API refuse events here too.
  const parent = isRoomyMemory(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
  // Eight for each of eight Jest workers (test/support/redis-database.ts).
  const server = await startRedis({ parent, databases: 64 });
  onStarted(1, () => server.stop());
  return server.url;
}

/** Containers often have 64 MB of shared memory; the append-only file of the tests reaches 1 GB before it is rewritten. */
function isRoomyMemory(directory) {
  if (!existsSync(directory)) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize > 2 * 1024 ** 3;
}
