import { banner } from './banner.mjs';
import { loadCredentials } from './credentials.mjs';
import { demoOrganization } from './demo.mjs';
import { applicationEnvironment } from './environment.mjs';
import { httpUrl } from './http-url.mjs';
import { apiProcess, workerProcess } from './processes.mjs';
import { untilReady } from './readiness.mjs';
import { awaitLeftovers, removeRuntime, writeRuntime } from './runtime-file.mjs';
import { checkSettings } from './settings.mjs';
import { bringUpDatabase } from './storage.mjs';

/** Order of stopping, highest first: intake ends, the workers finish their jobs, then the database stops. */
export const rank = { files: 0, database: 1, workers: 2, api: 3 };

/** Milliseconds after the signal by which each must have ended. */
const until = { api: 3_500, workers: 6_500, database: 8_500 };
const remaining = (end, elapsed) => Math.max(500, end - elapsed);

/**
 * Starts database, API and workers, creates the demo organization and prints the banner.
 * @param {ReturnType<typeof import('./options.mjs').startOptions>} options
 * @param {import('../process/shutdown.mjs').Shutdown} shutdown learns how to stop each part
 * @param {import('./mode.mjs').Mode} mode
 */
export async function bringUp({ workers, port: askedPort, host }, shutdown, mode) {
  const { signal } = shutdown;
  await mode.prepare(signal);
  await awaitLeftovers();
  signal.throwIfAborted();

  const credentials = loadCredentials();
  const env = applicationEnvironment(process.env, credentials, mode.logLevel);
  await checkSettings(env);
  const urls = await bringUpDatabase({
    externalUrl: process.env.DATABASE_URL,
    credentials,
    signal,
    onStarted: (stop) =>
      shutdown.add(rank.database, (elapsed) => stop(remaining(until.database, elapsed) / 1000)),
  });
  const runtime = publishedRuntime(shutdown);
  const shared = { onSpawn: runtime.refresh, mode };
  const api = await apiProcess({ askedPort, host, env: { ...env, DATABASE_URL: urls.api }, ...shared });
  const ofDatabase = {
    ...(urls.diskPath && { DATABASE_DISK_PATH: urls.diskPath }),
    DATABASE_URL: urls.worker,
  };
  const pool = Array.from({ length: workers }, (_, index) =>
    workerProcess({ number: index + 1, env: { ...env, ...ofDatabase }, ...shared }),
  );
  shutdown.add(rank.api, (elapsed) => api.process.stop(remaining(until.api, elapsed)));
  for (const { process: worker } of pool) {
    shutdown.add(rank.workers, (elapsed) => worker.stop(remaining(until.workers, elapsed)));
  }
  const services = [api, ...pool];
  signal.throwIfAborted();
  mode.onServices({ services, databaseUrl: urls.owner, signal });
  await Promise.all(services.map((service) => service.process.start()));
  const creating = demoOrganization(urls.owner, credentials);
  shutdown.add(rank.workers, () => creating);
  const [demo] = await Promise.all([
    creating,
    ...services.map((service) => untilReady(service, signal, mode)),
  ]);
  api.pinPort();

  const { port } = api.address();
  const facts = {
    url: httpUrl(api.address()),
    apiKey: demo.api_key,
    adminKey: demo.admin_key,
    databaseUrl: urls.owner,
  };
  runtime.publish(facts, () => ({
    api: api.process.pid,
    workers: pool.map((worker) => worker.process.pid),
  }));
  console.log(banner({ ...facts, askedPort, port, seconds: process.uptime() }));
}

/**
 * `.millrace/runtime.json`: written once Millrace is up, updated when a process id changes, removed at the
 * end.
 */
function publishedRuntime(shutdown) {
  let refresh = () => {};
  return {
    refresh: () => refresh(),
    publish(facts, pids) {
      refresh = () => writeRuntime({ ...facts, pids: pids() });
      refresh();
      shutdown.add(rank.files, () => {
        refresh = () => {};
        removeRuntime();
      });
    },
  };
}
