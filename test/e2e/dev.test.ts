import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/built-process.js';
import { createDatabase, type E2eDatabase } from '../support/e2e-database.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';

const SOURCES = ['apps', 'libs', 'migrations', 'bench', 'bin', 'package.json', '.swcrc'];

/** `npm run dev` in its own checkout, whose sources a test can change. */
class Dev {
  output = '';
  private constructor(
    private readonly checkout: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  static async start(databaseUrl: string): Promise<Dev> {
    const checkout = mkdtempSync(join(tmpdir(), 'millrace-dev-'));
    for (const name of SOURCES) cpSync(name, join(checkout, name), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'));
    const env = { PATH: process.env.PATH, PORT: String(await freePort()), DATABASE_URL: databaseUrl };
    return new Dev(checkout, spawn(process.execPath, ['bin/dev.mjs'], { cwd: checkout, env }));
  }

  /** Resolves once the output after offset `since` matches the pattern. */
  async printed(pattern: RegExp, since = 0): Promise<void> {
    await eventually(`${pattern} is printed`, () => {
      if (this.child.exitCode !== null) throw new Error(`it ended:\n${this.output}`);
      return pattern.test(this.output.slice(since));
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  /** Changes a source file; resolves once the output that follows matches the pattern. */
  async change(file: string, edit: (path: string) => void, pattern: RegExp): Promise<void> {
    const since = this.output.length;
    edit(join(this.checkout, file));
    await this.printed(pattern, since);
  }

  get runtime(): { url: string; apiKey: string; pids: { api: number; workers: number[] } } {
    return JSON.parse(readFileSync(join(this.checkout, '.millrace/runtime.json'), 'utf8'));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGINT');
      await once(this.child, 'exit');
    }
    // A process that was killed at the last moment may have written a file.
    rmSync(this.checkout, { recursive: true, maxRetries: 5 });
  }
}

let database: E2eDatabase;
let dev: Dev;
beforeAll(async () => {
  database = await createDatabase(process.env.TEST_DATABASE_URL!);
  dev = await Dev.start(database.url);
  await dev.printed(/Millrace is up/);
});
afterAll(async () => {
  await dev?.stop();
  await database?.drop();
});

describe('npm run dev', () => {
  const file = 'apps/api/src/main.ts';

  it('shows file and line of a syntax error, and restarts the changed app once it is fixed', async () => {
    const before = dev.runtime.pids;
    const good = readFileSync(file, 'utf8');
    const line = good.split('\n').length;
    await dev.change(file, (path) => appendFileSync(path, 'const {'), new RegExp(`${file}:${line}:`));
    expect((await fetch(`${dev.runtime.url}/health/ready`)).status).toBe(200);
    expect(dev.runtime.pids).toEqual(before);
    await dev.change(file, (path) => writeFileSync(path, good), /main\.ts changed: api ready/);
    expect(dev.runtime.pids.api).not.toBe(before.api);
    expect(dev.runtime.pids.workers).toEqual(before.workers);
  });

  it('shows the source line where a process crashed, and restarts it on the next change', async () => {
    const good = readFileSync(file, 'utf8');
    await dev.change(
      file,
      (path) => appendFileSync(path, "throw new Error('broken');\n"),
      /waiting for a change/,
    );
    expect(dev.output).toMatch(/apps\/api\/src\/main\.ts:\d+/);
    await dev.change(file, (path) => writeFileSync(path, good), /changed: api ready/);
  });

  it('restarts all processes when a lib changes, and loses no event', async () => {
    const { url, apiKey } = dev.runtime;
    const client = new HttpClient(url, apiKey);
    for (let i = 0; i < 5; i++) expect((await client.post({ type: 'page_view' })).status).toBe(202);
    await dev.change(
      'libs/queue/queues.ts',
      (path) => appendFileSync(path, '\n'),
      /changed: api, worker 1 ready/,
    );
    await eventually('all events are counted', async () => {
      const path = '/v1/aggregates?type=page_view&window=1d&stats=count';
      const { text } = await new HttpClient(url, apiKey).send({ path });
      return text.includes('"count":5');
    });
  });

  it('prints logs as readable lines', () => {
    expect(dev.output).not.toContain('{"level":');
  });
});
