import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../postgres/server.mjs';
import { startRedis } from '../redis/server.mjs';

/**
 * Starts the servers that the tests use, apart from every other on this machine.
 * @param {(rank: number, stop: () => unknown) => void} onStarted called for each as soon as it runs
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for the tests
 */
export async function startTestServers(onStarted) {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  onStarted(0, () => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const password = randomBytes(16).toString('hex');
  const postgres = await startPostgres({ directory, password, durable: false });
  onStarted(1, () => postgres.stop());
  const redis = await startRedis();
  onStarted(1, () => redis.stop());

  const env = { ...process.env, TEST_DATABASE_URL: postgres.url('postgres'), TEST_REDIS_URL: redis.url };
  // What the caller's shell points at is none of the tests' business.
  delete env.DATABASE_URL;
  delete env.REDIS_URL;
  return env;
}
