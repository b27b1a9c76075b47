import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load-generator.js';

const dist = dirname(dirname(fileURLToPath(import.meta.url)));
/** Clock ticks a second in /proc (USER_HZ, fixed in Linux's interface). */
const TICKS = 100;

/** Counted but never reached: more than any organization sends in a minute. */
const RATE_LIMIT = '200000';

const children = new Set<ChildProcess>();

/** A failed run leaves no process behind. */
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function track(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Forks a built program and resolves once `url` answers 200. */
export async function startProcess(
  program: string,
  variables: Readonly<Record<string, string>>,
  url: string,
  nodeArguments: readonly string[],
): Promise<ChildProcess> {
  const child = track(
    fork(join(dist, program), {
      execArgv: [...nodeArguments],
      env: {
        PATH: process.env.PATH,
        LOG_LEVEL: 'warn',
        RATE_LIMIT_MAX_REQUESTS: RATE_LIMIT,
        // Once a day: the event of a health check would be counted.
        HEALTH_CHECK_INTERVAL: '86400',
        ...variables,
      },
      // Its own session, as in `npm start`: Linux schedules CPU time by session.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Stops a child gracefully and waits for its exit. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Starts a load generator in its own process; `go` starts the load. */
export async function prepareLoad(plan: LoadPlan): Promise<{ go(): Promise<LoadResult> }> {
  const child = track(
    fork(join(dist, 'bench/load-generator.js'), { execArgv: ['--max-old-space-size=8000'] }),
  );
  const message = <T>() =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (value) => resolve(value as T));
      child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    });
  const ready = message();
  child.send(plan);
  await ready;
  return {
    go() {
      const result = message<LoadResult>();
      child.send('go');
      return result;
    },
  };
}

/** CPU seconds used so far by a process and all its children. */
export function cpuSeconds(pid: number): number {
  const own = statOf(pid);
  return own ? own.ticks / TICKS + childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), 0) : 0;
}

/** Resident memory of a process in MiB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))?.parent === pid)
    .map(Number);
}

function statOf(pid: number): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Fields 14 to 17 of proc(5): user and system time, its own and of exited children.
    return { parent: fields[1]!, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return null;
  }
}
