import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../checkout/root.mjs';
import { runNode } from '../process/run-node.mjs';

/**
 * The Jest projects, the quick ones first, and how many files of each run at a time on two cores. Those of jest.config.mjs have
 * the same names. End-to-end and fault tests wait for a good part of their time. Those of limits measure time and memory, so they
 * run apart from all others.
 */
export const projects = {
  unit: { folders: ['apps', 'libs', 'test/house'], suffix: '.spec.ts', workers: 2 },
  integration: { folders: ['test/integration'], suffix: '.test.ts', workers: 2 },
  e2e: { folders: ['test/e2e'], suffix: '.test.ts', workers: 3 },
  faults: { folders: ['test/faults'], suffix: '.test.ts', workers: 3 },
  limits: { folders: ['test/limits'], suffix: '.test.ts', workers: 2 },
};

/**
 * Runs Jest projects side by side, as many files at a time as the project that allows most.
 * @param {(keyof typeof projects)[]} names
 * @param {string[]} argv passed on to Jest
 * @param {{ env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runProjects(names, argv, options) {
  const present = names.filter(hasTests);
  if (present.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const directory = mkdtempSync(join(tmpdir(), 'millrace-jest-'));
  const outputFile = join(directory, 'results.json');
  try {
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
    const workers = Math.max(...present.map((name) => projects[name].workers));
    const flags = [
      // With `=`: otherwise Jest would read the names that follow as projects.
      ...present.map((name) => `--selectProjects=${name}`),
      '--json',
      `--outputFile=${outputFile}`,
      `--maxWorkers=${workers}`,
      // A failed test may leave a connection open; the run must still end.
      '--forceExit',
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
