import './checkout/node-version.mjs';

const { runInOwnNetwork } = await import('./bench/own-network.mjs');
const exitCode = await runInOwnNetwork();
if (exitCode !== null) process.exit(exitCode);

const { measureOnServers } = await import('./bench/servers.mjs');
const { stateDirectory } = await import('./checkout/root.mjs');
// `npm run bench -- queries` measures the read side.
const isQueries = process.argv[2] === 'queries';
await measureOnServers(async (servers) => {
  if (isQueries) {
    const { runQueriesBench } = await import('../dist/bench/queries/main.js');
    await runQueriesBench({ ...servers, output: `${stateDirectory}/bench-queries.json` });
  } else {
    const { runBench } = await import('../dist/bench/main.js');
    await runBench({ ...servers, output: `${stateDirectory}/bench.json` });
  }
});
