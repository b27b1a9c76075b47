import './checkout/node-version.mjs';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { runInOwnNetwork } = await import('./bench/own-network.mjs');
const elsewhere = await runInOwnNetwork();
if (elsewhere !== null) process.exit(elsewhere);

const { root } = await import('./checkout/root.mjs');
const { prepare } = await import('./build/prepare.mjs');
const { startPostgres } = await import('./postgres/server.mjs');
const { startRedis } = await import('./redis/server.mjs');
const { anyFreePort } = await import('./process/free-port.mjs');
const { nodeArguments, serviceEnvironment } = await import('./services/runtime.mjs');

const stops = [];
let stopped;

/** Stops what was started, the last first, whatever became of the run. */
function stopAll() {
  stopped ??= (async () => {
    for (const stop of stops.reverse()) await stop();
  })();
  return stopped;
}

process.on('SIGINT', () => void stopAll().then(() => process.exit(130)));
process.on('SIGTERM', () => void stopAll().then(() => process.exit(143)));

try {
  await prepare();
  const directory = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  chmodSync(directory, 0o755);
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const postgres = await startPostgres({ directory, password: randomBytes(16).toString('hex') });
  stops.push(() => postgres.stop());
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const { runBench } = await import('../dist/bench/main.js');
  await runBench({
    postgresUrl: postgres.localUrl('postgres'),
    postgresPid: postgres.pid,
    redisUrl: redis.url,
    redisPid: redis.pid,
    ports: [await anyFreePort(), await anyFreePort(), await anyFreePort(), await anyFreePort()],
    nodeArguments,
    serviceEnvironment,
    output: join(root, '.millrace', 'bench.json'),
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stopAll();
  // Processes of a run that failed would keep this one alive; they end with it.
  process.exit();
}
