import { Logger } from '@nestjs/common';
import { type Clock, systemClock } from './clock.js';
import type { JobLogger } from './job-logger.js';
import { RepeatedWork } from './repeated-work.js';

/** What a run of a loop works with. */
export interface LoopContext {
  readonly clock: Clock;
  readonly logger: JobLogger;
  /** Aborts when the loop is stopped. */
  readonly signal: AbortSignal;
}

export interface LoopOptions {
  /** Appears in the log. */
  readonly name: string;
  /** Milliseconds from the start of a run to the start of the next, or more when a run takes longer. */
  readonly everyMs: number;
  /** Milliseconds that a run has to finish once the loop is stopped; without a limit when absent. */
  readonly graceMs?: number;
  readonly clock?: Clock;
  readonly logger?: JobLogger;
  run(context: LoopContext): void | Promise<void>;
}

/** Repeats work for as long as the process runs, on every replica; the first run begins at once. */
export class Loop {
  private readonly stopping = new AbortController();
  private readonly clock: Clock;
  private readonly work: RepeatedWork;
  private stopped: Promise<void> = Promise.resolve();

  constructor(private readonly options: LoopOptions) {
    const { name, clock = systemClock, logger = new Logger(name) } = options;
    const { signal } = this.stopping;
    this.clock = clock;
    this.work = new RepeatedWork(async () => {
      try {
        await options.run({ clock, logger, signal });
      } catch (error) {
        // A run that is cut short has not failed.
        if (!signal.aborted || (error as Error).name !== 'AbortError') throw error;
      }
    }, logger);
  }

  start(): void {
    this.stopped = this.repeat();
  }

  /** Runs now, or waits for the run that is under way. Never rejects: errors are logged. */
  run(): Promise<void> {
    return this.work.run();
  }

  /** Starts no further run; resolves when the one under way has ended, or its grace period has. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { graceMs } = this.options;
    if (graceMs === undefined) return this.stopped;
    await Promise.race([this.stopped, this.clock.sleep(graceMs, new AbortController().signal)]);
  }

  private async repeat(): Promise<void> {
    const { signal } = this.stopping;
    const { everyMs } = this.options;
    while (!signal.aborted) {
      const begun = this.clock.now();
      await this.run();
      // A clock that was set back must not make it wait for longer than the interval.
      const left = Math.min(begun + everyMs - this.clock.now(), everyMs);
      await this.clock.sleep(Math.max(left, 0), signal).catch(() => {});
    }
  }
}
