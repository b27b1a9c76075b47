import { prepare } from '../build/prepare.mjs';
import { runNode } from '../process/run-node.mjs';
import { runProjects } from './jest-project.mjs';
import { startTestServers } from './servers.mjs';

const checks = {
  'format and lint': ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
  types: ['node_modules/typescript/bin/tsc', '-p', '.'],
};

/** Groups of Jest projects. The files of a group run side by side, so that one computes while another waits. */
const groups = [['unit'], ['integration', 'e2e', 'faults'], ['limits']];

/**
 * `npm test`: every check and every test, on its own servers.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv passed on to Jest
 */
export async function testAll(session, argv) {
  const { signal, shutdown, tally } = session;
  await prepare(signal);
  for (const [name, args] of Object.entries(checks)) {
    await session.step(name, async () => {
      const code = await runNode(args, { signal });
      tally.add(code === 0 ? { passed: 1 } : { failed: 1 });
    });
  }
  let env;
  await session.step('PostgreSQL and Redis', async () => {
    env = await startTestServers((rank, stop) => shutdown.add(rank, stop));
  });
  if (!env) return;
  for (const names of groups) {
    await session.step(names.join(', '), async () =>
      tally.add(await runProjects(names, argv, { env, signal })),
    );
  }
}
