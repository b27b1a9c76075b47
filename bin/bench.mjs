import './checkout/node-version.mjs';

const { prepare } = await import('./build/prepare.mjs');
const { runInOwnNetwork } = await import('./bench/own-network.mjs');
// Before: there is no registry in that network.
await prepare();
const exitCode = await runInOwnNetwork();
if (exitCode !== null) process.exit(exitCode);

const { measureOnServers } = await import('./bench/servers.mjs');
const { stateDirectory } = await import('./checkout/root.mjs');

/** Benches by the word after `npm run bench --`. */
const BENCHES = {
  queries: async (servers) => (await import('../dist/bench/queries/main.js')).runQueriesBench(servers),
  reports: async (servers) => (await import('../dist/bench/reports/main.js')).runReportsBench(servers),
  retention: async (servers) => (await import('../dist/bench/retention/main.js')).runRetention(servers),
  soak: async (servers, args) => (await import('../dist/bench/soak/main.js')).runSoak(servers, args),
};

const [name, ...args] = process.argv.slice(2);
await measureOnServers(async (servers) => {
  const bench = BENCHES[name];
  const output = `${stateDirectory}/${bench ? `bench-${name}` : 'bench'}.json`;
  if (bench) await bench({ ...servers, output }, args);
  else await (await import('../dist/bench/main.js')).runBench({ ...servers, output });
});
