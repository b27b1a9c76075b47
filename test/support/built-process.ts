import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const dist = join(process.cwd(), 'dist');
const START_MS = 30_000;
const STOP_MS = 10_000;

/** A program of dist/ as a child process, with its output. */
export class BuiltProcess {
  private text = '';

  /** Where a service listens. */
  url = '';

  private constructor(
    private readonly program: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
      });
    }
  }

  /** Starts it with only these settings. */
  static start(program: string, variables: NodeJS.ProcessEnv, args: readonly string[] = []): BuiltProcess {
    const file = join(dist, program);
    if (!existsSync(file)) throw new Error(`${file} is missing: run node bin/build.mjs first`);
    const env = {
      PATH: process.env.PATH,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_MAX_REQUESTS: '0',
      // Once a day: tests count every event there is, and the health check sends one.
      HEALTH_CHECK_INTERVAL: '86400',
      ...coverage(),
      ...variables,
    };
    const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new BuiltProcess(program, child);
  }

  /** Starts the API or a worker on its own port and waits until it is ready. */
  static async service(app: 'api' | 'worker', settings: NodeJS.ProcessEnv): Promise<BuiltProcess> {
    const port = await freePort();
    const variable = app === 'api' ? 'PORT' : 'WORKER_PORT';
    const service = BuiltProcess.start(`apps/${app}/src/main.js`, { ...settings, [variable]: String(port) });
    service.url = `http://127.0.0.1:${port}`;
    await service.untilReady(`${service.url}/health/ready`);
    return service;
  }

  /** Runs a program to completion and returns its output; throws when it fails. */
  static async run(program: string, variables: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
    const { code, output } = await BuiltProcess.runAnyway(program, variables, args);
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs a program to completion, whatever its exit code. */
  static async runAnyway(program: string, variables: NodeJS.ProcessEnv, args: readonly string[]) {
    const process = BuiltProcess.start(program, variables, args);
    const [code] = (await once(process.child, 'close')) as [number | null];
    return { code, output: process.text };
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Output so far, stdout and stderr together. */
  get output(): string {
    return this.text;
  }

  /** Resident memory in MiB, current and peak. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }

  /** Resolves when the URL answers 200. */
  async untilReady(url: string): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!(await answersOk(url))) {
      if (!this.isRunning) throw new Error(`${this.program} ended:\n${this.text}`);
      if (Date.now() > deadline) throw new Error(`${this.program} is not ready:\n${this.text}`);
      await sleep(50);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.child, 'exit');
  }

  /** Sends a signal and resolves with the exit code or signal. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string | null> {
    if (this.isRunning) {
      const gone = once(this.child, 'exit');
      this.child.kill(signal);
      await gone;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Stops it gracefully, or by force when that takes too long. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }
}

/** With `npm run test:coverage`, V8 writes at exit which lines have run. */
const coverage = () =>
  process.env.MILLRACE_COVERAGE ? { NODE_V8_COVERAGE: process.env.MILLRACE_COVERAGE } : {};

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

const given = new Set<number>();

/**
 * A free port that no other process of this run has. Below the ephemeral range, so that no outgoing
 * connection uses it before the process listens.
 */
export async function freePort(): Promise<number> {
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
