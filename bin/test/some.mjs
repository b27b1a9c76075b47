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
 * `npm run test:one -- <path>`: one test file, with only the servers that it needs.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv the path, then what is passed on to Jest
 */
export async function testOne(session, [path, ...argv]) {
  const file = relative(root, resolve(path ?? ''));
  const name = projectOf(file);
  if (!name || !existsSync(join(root, file))) {
    throw new Error('Name a file: a *.spec.ts, or a *.test.ts in test/integration, test/e2e or test/faults.');
  }
  // A test that needs Redis, or a pipeline on both queues, names it in its source.
  const redis = /redis|pipeline/i.test(readFileSync(join(root, file), 'utf8'));
  await run(session, name, { redis, argv: ['--runTestsByPath', file, ...argv] });
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
