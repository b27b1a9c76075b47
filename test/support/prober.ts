import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long answers took, in milliseconds. */
export interface Lap {
  readonly count: number;
  readonly failures: number;
  readonly slowest: number;
  /** The slowest without the time in which the machine ran other things: how long the event loop was held. */
  readonly longestHold: number;
}

export interface Prober {
  /** What was seen since the last lap; every question asked before is answered by then. */
  lap(): Promise<Lap>;
  stop(): void;
}

/** Asks for a URL every 20 ms, one question at a time, from another process until it is stopped; `pid` is the one that answers. */
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
