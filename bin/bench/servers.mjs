import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../build/prepare.mjs';
import { startPostgres } from '../postgres/server.mjs';
import { anyFreePort } from '../process/free-port.mjs';
import { startRedis } from '../redis/server.mjs';
import { nodeArguments, serviceEnvironment } from '../services/runtime.mjs';

const stops = [];
let stopped;

/** Stops everything that was started, in reverse order. */
function stopAll() {
  stopped ??= (async () => {
    for (const stop of stops.reverse()) await stop();
  })();
  return stopped;
}

function interrupt(exitCode) {
  // The connections of the measurement break when their servers stop.
  process.on('uncaughtException', () => {});
  stopAll().then(() => process.exit(exitCode));
}

/**
 * Builds, starts PostgreSQL and Redis, measures on them, stops them, and ends the process.
 * @param {(servers: Omit<import('../../bench/main.ts').BenchServers, 'output'>) => Promise<void>} measure
 */
export async function measureOnServers(measure) {
  process.on('SIGINT', () => interrupt(130));
  process.on('SIGTERM', () => interrupt(143));
  try {
    await prepare();
    await measure(await startServers());
  } catch (error) {
    if (!stopped) console.error(error);
    process.exitCode = 1;
  } finally {
    await stopAll();
    // Child processes of a failed run would keep this one alive; they end with it.
    process.exit();
  }
}

async function startServers() {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  chmodSync(directory, 0o755);
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const postgres = await startPostgres({ directory, password: randomBytes(16).toString('hex') });
  stops.push(() => postgres.stop());
  const redis = await startRedis();
  stops.push(() => redis.stop());
  return {
    postgresUrl: postgres.localUrl('postgres'),
    postgresPid: postgres.pid,
    redisUrl: redis.url,
    redisPid: redis.pid,
    ports: [await anyFreePort(), await anyFreePort(), await anyFreePort(), await anyFreePort()],
    nodeArguments,
    serviceEnvironment,
  };
}
