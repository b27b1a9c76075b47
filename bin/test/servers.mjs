import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../postgres/server.mjs';
import { startRedis } from '../redis/server.mjs';

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
  const server = await startPostgres({ directory, password, durable: false });
  onStarted(1, () => server.stop());
  return server.url('postgres');
}

async function startTestRedis(onStarted) {
  const server = await startRedis();
  onStarted(1, () => server.stop());
  return server.url;
}
