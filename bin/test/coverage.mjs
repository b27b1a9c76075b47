import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { prepare } from '../build/prepare.mjs';
import { isSource, outputOf } from '../build/sources.mjs';
import { root } from '../checkout/root.mjs';
import { runProjects } from './jest-project.mjs';
import { startTestServers } from './servers.mjs';

const directory = join(root, 'coverage');
/** Required share of the lines of apps and libs. */
const LEAST_PERCENT = 85;
const measured = ['unit', 'integration', 'e2e'];

/**
 * `npm run test:coverage`: which lines of apps and libs run in unit, integration and end-to-end tests,
 * including those in API and worker processes. Prints a table by file, writes coverage/index.html, and fails
 * under 85 % of lines.
 * @param {import('./session.mjs').Session} session
 * @param {string[]} argv passed on to Jest
 */
export async function testCoverage(session, argv) {
  const { signal, shutdown, tally } = session;
  rmSync(directory, { recursive: true, force: true });
  await prepare(signal);
  const servers = await startTestServers((rank, stop) => shutdown.add(rank, stop));
  // The processes of test/support/built-process.ts write there at exit.
  const env = { ...servers, MILLRACE_COVERAGE: join(directory, 'processes') };
  for (const name of measured) {
    const flags = jestFlags(name);
    await session.step(name, async () =>
      tally.add(await runProjects([name], [...flags, ...argv], { env, signal })),
    );
  }
  await session.step('coverage', async () => {
    const percent = await report();
    const passed = percent >= LEAST_PERCENT;
    console.log(`${percent} % of lines; at least ${LEAST_PERCENT} % are required.`);
    tally.add(passed ? { passed: 1 } : { failed: 1 });
  });
}

const jestFlags = (name) => [
  '--coverage',
  '--coverageProvider=v8',
  '--coverageReporters=json',
  `--coverageDirectory=${join(directory, name)}`,
  // Files that no test loads count as well.
  ...(name === 'unit'
    ? ['--collectCoverageFrom={apps,libs}/**/*.ts', '--collectCoverageFrom=!**/*.spec.ts']
    : []),
];

/** @returns {Promise<number>} percent of lines */
async function report() {
  const { default: libCoverage } = await import('istanbul-lib-coverage');
  const { default: libReport } = await import('istanbul-lib-report');
  const { default: reports } = await import('istanbul-reports');
  const coverageMap = libCoverage.createCoverageMap();
  for (const name of measured) {
    const file = join(directory, name, 'coverage-final.json');
    if (existsSync(file)) coverageMap.merge(JSON.parse(readFileSync(file, 'utf8')));
  }
  coverageMap.merge(await coverageOfProcesses());
  coverageMap.filter((file) => isMeasured(relative(root, file)));
  const context = libReport.createContext({ dir: directory, coverageMap, defaultSummarizer: 'nested' });
  for (const name of ['text', 'html']) reports.create(name, { maxCols: 110 }).execute(context);
  return coverageMap.getCoverageSummary().lines.pct;
}

/** Sources of apps and libs that have code: a file of types alone has no line that could run. */
function isMeasured(file) {
  if (!/^(apps|libs)\//.test(file) || !isSource(file)) return false;
  const code = readFileSync(join(root, 'dist', outputOf(file)), 'utf8').replace(
    /\/\*[\s\S]*?\*\/|\/\/.*/g,
    '',
  );
  return !/^\s*(export\s*\{\s*\};?)?\s*$/.test(code);
}

/** The coverage of processes of dist/, by source line. */
async function coverageOfProcesses() {
  const { Report } = await import('c8');
  const processes = new Report({
    tempDirectory: join(directory, 'processes'),
    include: ['dist/apps/**', 'dist/libs/**'],
    exclude: [],
    extension: ['.js'],
    resolve: '',
    // Read one after the other: a run writes gigabytes.
    mergeAsync: true,
  });
  return processes.getCoverageMapFromAllCoverageFiles();
}
