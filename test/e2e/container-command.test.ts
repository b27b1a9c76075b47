import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { freePort } from '../support/built-process.js';
import { createDatabase, type E2eDatabase } from '../support/e2e-database.js';
import { eventually } from '../support/eventually.js';

let database: E2eDatabase;
beforeAll(async () => {
  database = await createDatabase(process.env.TEST_DATABASE_URL!);
});
afterAll(() => database.drop());

const script = 'deploy/service.sh';
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
const modulePath = '../../bin/services/runtime.mjs';
const { nodeArguments } = (await import(modulePath)) as {
  nodeArguments: Readonly<Record<'api' | 'worker', readonly string[]>>;
};

describe('the container command', () => {
  it.each([
    ['api', 'PORT'],
    ['worker', 'WORKER_PORT'],
  ] as const)('becomes the %s process, with the arguments of `npm start`', async (program, variable) => {
    const port = await freePort();
    const env = { PATH, DATABASE_URL: database.url, LOG_LEVEL: 'warn', [variable]: String(port) };
    const child = spawn('sh', [script, program], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    try {
      await eventually(`the ${program} is ready`, () =>
        fetch(`http://127.0.0.1:${port}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      const command = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      expect(command).toEqual(['node', ...nodeArguments[program], `dist/apps/${program}/src/main.js`]);
      expect(readFileSync(`/proc/${child.pid}/environ`, 'utf8')).toContain('MALLOC_ARENA_MAX=1');
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await gone).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('passes arguments to the commands unchanged', () => {
    const env = { PATH, DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
    const name = 'A  name; $HOME';
    const output = execFileSync('sh', [script, 'cli', 'org', 'create', name], { env });
    expect(JSON.parse(output.toString())).toMatchObject({ name });
  });

  it('lists the programs when called without one', () => {
    expect(() => execFileSync('sh', [script], { env: { PATH }, stdio: 'pipe' })).toThrow(/api, worker, cli/);
  });
});
