import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../checkout/root.mjs';
import { runNode } from '../process/run-node.mjs';

// A failed test may leave a connection open; the run must still end.
const twoAtATime = ['--maxWorkers=2', '--forceExit'];
// These kill processes under load and measure time, so they have the machine to themselves.
const oneAtATime = ['--runInBand', '--forceExit'];

/** The Jest projects in the order they run, the quick ones first. Those of jest.config.mjs have the same names. */
export const projects = {
  unit: { folders: ['apps', 'libs', 'test/house'], suffix: '.spec.ts', flags: [] },
  integration: { folders: ['test/integration'], suffix: '.test.ts', flags: twoAtATime },
  e2e: { folders: ['test/e2e'], suffix: '.test.ts', flags: twoAtATime },
  faults: { folders: ['test/faults'], suffix: '.test.ts', flags: oneAtATime },
};

/**
 * Runs one Jest project.
 * @param {keyof typeof projects} name
 * @param {string[]} argv passed on to Jest
 * @param {{ env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runProject(name, argv, options) {
  if (!hasTests(name)) return { passed: 0, failed: 0, skipped: 0 };
  const directory = mkdtempSync(join(tmpdir(), 'millrace-jest-'));
  const outputFile = join(directory, 'results.json');
  try {
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
    // With `=`: otherwise Jest would read the names that follow as projects.
    const flags = [
      `--selectProjects=${name}`,
      '--json',
      `--outputFile=${outputFile}`,
      ...projects[name].flags,
    ];
    // A filter may match no test of a project.
    if (argv.length > 0) flags.push('--passWithNoTests');
    const code = await runNode([...jest, ...flags, ...argv], options);
    return counts(outputFile, code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function hasTests(name) {
  const { folders, suffix } = projects[name];
  return folders.some((folder) => {
    const path = join(root, folder);
    return existsSync(path) && readdirSync(path, { recursive: true }).some((file) => file.endsWith(suffix));
  });
}

function counts(outputFile, code) {
  if (!existsSync(outputFile)) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const results = JSON.parse(readFileSync(outputFile, 'utf8'));
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return {
    passed: results.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/**
 * The project that a test file belongs to.
 * @param {string} file relative to the checkout
 * @returns {keyof typeof projects | undefined}
 */
export const projectOf = (file) =>
  Object.keys(projects).find((name) => {
    const { folders, suffix } = projects[name];
    return file.endsWith(suffix) && folders.some((folder) => file.startsWith(`${folder}/`));
  });
