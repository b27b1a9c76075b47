import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A program of the build, running as it does in production. */
export class BuiltProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Where it listens. */
    readonly url: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
    }
  }

  /** Starts it on a port of its own; resolves once it is ready. */
  static async start(
    app: 'api' | 'worker',
    settings: Readonly<Record<string, string | undefined>>,
  ): Promise<BuiltProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [`dist/apps/${app}/src/main.js`], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        LOG_LEVEL: 'warn',
        RATE_LIMIT_MAX_REQUESTS: '0',
        ...settings,
        [app === 'api' ? 'PORT' : 'WORKER_PORT']: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new BuiltProcess(child, `http://127.0.0.1:${port}`);
    await eventually(`${app} is ready`, () => started.isReady());
    return started;
  }

  private async isReady(): Promise<boolean> {
    if (this.hasEnded) throw new Error(`it ended at once:\n${this.output}`);
    return fetch(`${this.url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it has logged: warnings and worse. */
  get log(): string {
    return this.output;
  }

  /** Resolves when it is gone, with its exit code or the signal that ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string | null> {
    if (!this.hasEnded) {
      const gone = once(this.child, 'exit');
      this.child.kill(signal);
      await gone;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}

const given = new Set<number>();

/**
 * A port that nobody listens on and that was not given to another process of this run. Under those that
 * the system hands out to connections, one of which might take it before the process does.
 */
async function freePort(): Promise<number> {
  const port = 12_000 + Math.floor(Math.random() * 18_000);
  if (given.has(port)) return freePort();
  given.add(port);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!free) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}
