import './checkout/node-version.mjs';

const { measureOnServers } = await import('./bench/servers.mjs');
const { stateDirectory } = await import('./checkout/root.mjs');
await measureOnServers(async (servers) => {
  const { runProfile } = await import('../dist/bench/profile.js');
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const directory = `${stateDirectory}/profiles/${time}`;
  await runProfile({ ...servers, output: directory });
  console.log(`
In ${directory}:
  api.cpuprofile   worker.cpuprofile    where CPU time goes
  api.heapprofile  worker.heapprofile   what allocates, by sampling
Open them in VS Code (drag one into an editor; the flame graph is an extension that it offers), or in Chrome:
DevTools, Performance (CPU) or Memory (heap), Load profile.`);
});
