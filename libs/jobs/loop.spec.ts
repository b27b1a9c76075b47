import { ManualClock, turn } from '../../test/support/manual-clock.js';
import { Loop, type LoopContext } from './loop.js';

const EVERY_MS = 1000;

/** Runs that end when the test decides. */
class Runs {
  started = 0;
  readonly contexts: LoopContext[] = [];
  private readonly pending: { resolve(): void; reject(error: Error): void }[] = [];

  readonly run = (context: LoopContext): Promise<void> => {
    this.started++;
    this.contexts.push(context);
    return new Promise((resolve, reject) => this.pending.push({ resolve, reject }));
  };

  async end(error?: Error): Promise<void> {
    const { resolve, reject } = this.pending.shift()!;
    if (error) reject(error);
    else resolve();
    await turn();
  }
}

describe('a loop', () => {
  let clock: ManualClock;
  let runs: Runs;
  let logged: string[];
  let loop: Loop;

  const newLoop = (graceMs?: number) =>
    new Loop({
      name: 'test',
      everyMs: EVERY_MS,
      ...(graceMs === undefined ? {} : { graceMs }),
      clock,
      logger: { log: (message) => logged.push(message), warn: (message) => logged.push(message) },
      run: runs.run,
    });

  beforeEach(() => {
    clock = new ManualClock();
    runs = new Runs();
    logged = [];
    loop = newLoop();
  });

  it('runs immediately, then at its interval, measured from start to start', async () => {
    loop.start();
    expect(runs.started).toBe(1);
    await clock.advance(300);
    await runs.end();
    await clock.advance(699);
    expect(runs.started).toBe(1);
    await clock.advance(1);
    expect(runs.started).toBe(2);
  });

  it('never overlaps runs, and starts the next directly after one that took too long', async () => {
    loop.start();
    const asked = loop.run();
    await clock.advance(5 * EVERY_MS);
    expect(runs.started).toBe(1);
    await runs.end();
    await asked;
    await clock.advance(0);
    expect(runs.started).toBe(2);
  });

  it('does not wait longer when the clock is set back', async () => {
    loop.start();
    await clock.advance(-3_600_000);
    await runs.end();
    await clock.advance(EVERY_MS);
    expect(runs.started).toBe(2);
  });

  it('logs an error once until it changes, and continues', async () => {
    loop.start();
    for (const message of ['down', 'down', 'full', undefined, 'down']) {
      await runs.end(message ? new Error(message) : undefined);
      await clock.advance(EVERY_MS);
    }
    expect(logged).toEqual(['down', 'full', 'works again', 'down']);
    expect(runs.started).toBe(6);
  });

  it('stopped between two runs starts no other run', async () => {
    loop.start();
    await runs.end();
    await loop.stop();
    await clock.advance(10 * EVERY_MS);
    expect(runs.started).toBe(1);
  });

  it('stopped during a run signals it, and waits for it', async () => {
    loop.start();
    let isStopped = false;
    const stopping = loop.stop().then(() => {
      isStopped = true;
    });
    const { signal } = runs.contexts[0]!;
    expect(signal.aborted).toBe(true);
    await clock.advance(10 * EVERY_MS);
    expect(isStopped).toBe(false);
    await runs.end(signal.reason);
    await stopping;
    expect([runs.started, logged]).toEqual([1, []]);
  });

  it('stopped during a run waits at most its grace period', async () => {
    loop = newLoop(2000);
    loop.start();
    let isStopped = false;
    const stopping = loop.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(1999);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    await stopping;
  });
});
