import { prepare } from '../build/prepare.mjs';
import { runNode } from '../process/run-node.mjs';
import { Shutdown } from '../process/shutdown.mjs';
import { projects, runProject } from './jest-project.mjs';
import { startTestServers } from './servers.mjs';
import { Tally } from './tally.mjs';

const checks = {
  'format and lint': ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
  types: ['node_modules/typescript/bin/tsc', '-p', '.'],
};

/**
 * `npm test`: every check and every test, on servers of their own.
 * @param {string[]} argv passed on to Jest
 */
export async function main(argv) {
  const shutdown = new Shutdown();
  const interrupted = async () => {
    if (!shutdown.signal.aborted) console.log('\nInterrupted; stopping what was started …');
    await shutdown.stop();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupted);

  const tally = new Tally();
  try {
    await shutdown.run(() => runAll(argv, tally, shutdown));
  } catch (error) {
    if (!shutdown.signal.aborted) tally.fail(error);
  }
  if (shutdown.signal.aborted) return;
  await shutdown.stop();
  console.log(String(tally));
  process.exit(tally.failed > 0 ? 1 : 0);
}

async function runAll(argv, tally, shutdown) {
  const { signal } = shutdown;
  await prepare(signal);
  for (const [name, args] of Object.entries(checks)) {
    await step(name, tally, signal, async () => {
      const code = await runNode(args, { signal });
      tally.add(code === 0 ? { passed: 1 } : { failed: 1 });
    });
  }
  let env;
  await step('PostgreSQL and Redis', tally, signal, async () => {
    env = await startTestServers((rank, stop) => shutdown.add(rank, stop));
  });
  if (!env) return;
  for (const name of Object.keys(projects)) {
    await step(name, tally, signal, async () => tally.add(await runProject(name, argv, { env, signal })));
  }
}

/** Runs and times one step; when it throws that is one failure, and the next step runs all the same. */
async function step(name, tally, signal, run) {
  signal.throwIfAborted();
  console.log(`\n── ${name}`);
  const begun = performance.now();
  const failedBefore = tally.failed;
  await run().catch((error) => tally.fail(error));
  signal.throwIfAborted();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`── ${name}: ${tally.failed > failedBefore ? 'FAILED' : 'ok'}, ${seconds} s`);
}
