import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Response times in milliseconds. */
export interface Lap {
  readonly count: number;
  readonly failures: number;
  readonly slowest: number;
  /** The slowest, less the time the machine ran other processes: how long the event loop was blocked. */
  readonly longestHold: number;
}

export interface Prober {
  /** Response times since the last lap, after all pending requests finished. */
  lap(): Promise<Lap>;
  stop(): void;
}

/** Requests a URL every 20 ms from another process, one request at a time. `pid` is the server's. */
export async function startProber(url: string, pid: number): Promise<Prober> {
  const script = join(process.cwd(), 'test/support/probe-process.mjs');
  const child = spawn(process.execPath, [script, url, '20', String(pid)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    async lap() {
      child.stdin.write('lap\n');
      const { value } = await lines.next();
      return JSON.parse(value as string) as Lap;
    },
    stop: () => child.stdin.end(),
  };
}
