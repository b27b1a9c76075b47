import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { prepare, prepareDependencies } from '../build/prepare.mjs';
import { root } from '../checkout/root.mjs';
import { projectOf, projects, runProject } from './jest-project.mjs';
import { startTestServers } from './servers.mjs';

/**
 * `npm run test:unit`, `test:e2e` and so on: one kind of tests, without the checks.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv the project, then what is passed on to Jest
 */
export async function testProject(session, [name, ...argv]) {
  if (!Object.hasOwn(projects, name ?? '')) {
    throw new Error(`Name the tests to run: ${Object.keys(projects).join(', ')}.`);
  }
  await run(session, name, { redis: true, argv });
}

/**
 * `npm run test:one -- <paths>`: test files of one project, with only the servers that they need.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv paths, and what is passed on to Jest
 */
export async function testOne(session, argv) {
  const files = argv
    .filter((argument) => /\.(spec|test)\.ts$/.test(argument))
    .map((path) => relative(root, resolve(path)));
  const [name, ...others] = new Set(files.map((file) => projectOf(file)));
  if (!name || others.length > 0 || !files.every((file) => existsSync(join(root, file)))) {
    throw new Error(
      'Name files of one kind: *.spec.ts, or *.test.ts in one of test/integration, test/e2e and test/faults.',
    );
  }
  // A test that needs Redis, or a pipeline on both queues, names it in its source.
  const redis = files.some((file) => /redis|pipeline/i.test(readFileSync(join(root, file), 'utf8')));
  const passedOn = argv.filter((argument) => !/\.(spec|test)\.ts$/.test(argument));
  await run(session, name, { redis, argv: ['--runTestsByPath', ...files, ...passedOn] });
}

async function run({ signal, shutdown, tally }, name, { redis, argv }) {
  if (name === 'unit') {
    await prepareDependencies(signal);
    tally.add(await runProject(name, argv, { env: process.env, signal }));
    return;
  }
  await prepare(signal);
  const env = await startTestServers((rank, stop) => shutdown.add(rank, stop), { redis });
  tally.add(await runProject(name, argv, { env, signal }));
}
