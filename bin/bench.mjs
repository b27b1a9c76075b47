import './checkout/node-version.mjs';

const { runInOwnNetwork } = await import('./bench/own-network.mjs');
const exitCode = await runInOwnNetwork();
if (exitCode !== null) process.exit(exitCode);

const { measureOnServers } = await import('./bench/servers.mjs');
const { stateDirectory } = await import('./checkout/root.mjs');
await measureOnServers(async (servers) => {
  const { runBench } = await import('../dist/bench/main.js');
  await runBench({ ...servers, output: `${stateDirectory}/bench.json` });
});
