import { join } from 'node:path';
import { createStateDirectory } from '../checkout.mjs';
import { takeLock } from '../pid-lock.mjs';
import { prepare } from '../prepare.mjs';
import { Shutdown } from '../shutdown.mjs';
import { banner } from './banner.mjs';
import { loadCredentials } from './credentials.mjs';
import { demoOrganization } from './demo.mjs';
import { applicationEnvironment } from './environment.mjs';
import { startOptions } from './options.mjs';
import { apiProcess, workerProcess } from './processes.mjs';
import { untilReady } from './readiness.mjs';
import { awaitLeftovers, readRuntime, removeRuntime, writeRuntime } from './runtime-file.mjs';
import { checkSettings } from './settings.mjs';
import { bringUpDatabase } from './storage.mjs';

// Intake ends first, then the workers finish their jobs, then the database goes: milliseconds after the signal.
const rank = { files: 0, database: 1, workers: 2, api: 3 };
const until = { api: 3_500, workers: 6_500, database: 8_500 };
const remaining = (end, elapsed) => Math.max(500, end - elapsed);

/** `npm start`: brings everything up, keeps it up, and takes it down on a signal. */
export async function main() {
  const options = startOptions(process.argv.slice(2), process.env);
  const lock = takeLock(join(createStateDirectory(), 'start.lock'));
  if (lock.heldBy !== undefined) {
    const url = readRuntime()?.url;
    const state = url ? `already running here: ${url}` : 'already starting here';
    throw new Error(`Millrace is ${state} (pid ${lock.heldBy}).`);
  }
  const shutdown = new Shutdown();
  shutdown.add(rank.files, () => lock.release());
  stopOnSignals(shutdown);
  try {
    await shutdown.run(() => bringUp(options, shutdown));
  } catch (error) {
    // Stopping may be what made a step fail; then the signal decides how this ends.
    if (!shutdown.signal.aborted) await end(shutdown, error);
  }
}

async function bringUp({ workers, port: askedPort, host }, shutdown) {
  const { signal } = shutdown;
  await prepare(signal);
  await awaitLeftovers();
  signal.throwIfAborted();

  const credentials = loadCredentials();
  const env = applicationEnvironment(process.env, credentials);
  await checkSettings(env);
  const urls = await bringUpDatabase({
    externalUrl: process.env.DATABASE_URL,
    credentials,
    signal,
    onStarted: (stop) =>
      shutdown.add(rank.database, (elapsed) => stop(remaining(until.database, elapsed) / 1000)),
  });
  let publish = () => {};
  const onSpawn = () => publish();
  const api = await apiProcess({ askedPort, host, env: { ...env, DATABASE_URL: urls.api }, onSpawn });
  const pool = Array.from({ length: workers }, (_, index) =>
    workerProcess({ name: `worker ${index + 1}`, env: { ...env, DATABASE_URL: urls.worker }, onSpawn }),
  );
  shutdown.add(rank.api, (elapsed) => api.process.stop(remaining(until.api, elapsed)));
  for (const { process: worker } of pool) {
    shutdown.add(rank.workers, (elapsed) => worker.stop(remaining(until.workers, elapsed)));
  }
  const all = [api, ...pool];
  signal.throwIfAborted();
  await Promise.all(all.map((part) => part.process.start()));
  const creating = demoOrganization(urls.owner, credentials);
  shutdown.add(rank.workers, () => creating);
  const [demo] = await Promise.all([
    creating,
    ...all.map((part) => untilReady(part.process, part.url, signal)),
  ]);
  api.pinPort();

  const runtime = { url: api.url(), apiKey: demo.api_key, adminKey: demo.admin_key, databaseUrl: urls.owner };
  publish = () => {
    const pids = { api: api.process.pid, workers: pool.map((worker) => worker.process.pid) };
    writeRuntime({ ...runtime, pids });
  };
  shutdown.add(rank.files, () => {
    publish = () => {};
    removeRuntime();
  });
  publish();
  console.log(banner({ ...runtime, askedPort, port: api.port(), seconds: process.uptime() }));
}

function stopOnSignals(shutdown) {
  const stop = (why) => {
    if (!shutdown.signal.aborted) console.log(`\n[start] ${why}: finishing what is under way …`);
    end(shutdown);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop(name));
  process.on('disconnect', () => stop('Parent process gone'));
  process.on('uncaughtException', (error) => end(shutdown, error));
  // After a hang-up there is no terminal left to write to; stopping goes on without.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

async function end(shutdown, error) {
  if (error) console.error(`[start] ${error.message}`);
  await shutdown.stop();
  if (!error) console.log('[start] Stopped.');
  process.exit(error ? 1 : 0);
}
