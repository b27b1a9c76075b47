import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { prepare, prepareDependencies } from '../build/prepare.mjs';
import { root } from '../checkout/root.mjs';
import { projectOf, projects, runProjects } from './jest-project.mjs';
import { startTestServers } from './servers.mjs';

/**
 * `npm run test:unit`, `test:e2e` and so on: one kind of tests, without the checks. `--minutes <n>` repeats them, each time with
 * other random seeds, until a test fails or the time is over.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv the project, then `--minutes` and what is passed on to Jest
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
    throw new Error('Name files of one kind: *.spec.ts, or *.test.ts in one folder of test/.');
  }
  // A test that needs Redis, or a pipeline on both queues, names it in its source.
  const redis = files.some((file) => /redis|pipeline/i.test(readFileSync(join(root, file), 'utf8')));
  const passedOn = argv.filter((argument) => !/\.(spec|test)\.ts$/.test(argument));
  await run(session, name, { redis, argv: ['--runTestsByPath', ...files, ...passedOn] });
}

async function run(session, name, { redis, argv }) {
  const { signal, shutdown, tally } = session;
  const { minutes, others } = minutesOf(argv);
  const end = Date.now() + minutes * 60_000;
  let env = process.env;
  if (name === 'unit') await prepareDependencies(signal);
  else {
    await prepare(signal);
    env = await startTestServers((rank, stop) => shutdown.add(rank, stop), { redis });
  }
  do tally.add(await runProjects([name], others, { env, signal }));
  while (Date.now() < end && tally.failed === 0);
}

function minutesOf(argv) {
  const at = argv.indexOf('--minutes');
  if (at < 0) return { minutes: 0, others: argv };
  const minutes = Number(argv[at + 1]);
  if (!(minutes > 0)) throw new Error('--minutes takes a positive number.');
  return { minutes, others: argv.toSpliced(at, 2) };
}
