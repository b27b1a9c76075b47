import { Logger } from '@nestjs/common';
import { type Clock, systemClock } from './clock.js';
import type { JobLogger } from './job-logger.js';
import { RepeatedWork } from './repeated-work.js';

/** The context of a run of a loop. */
export interface LoopContext {
  readonly clock: Clock;
  readonly logger: JobLogger;
  /** Aborts when the loop is stopped. */
  readonly signal: AbortSignal;
}

export interface LoopOptions {
  /** Appears in the log. */
  readonly name: string;
  /** Milliseconds from the start of one run to the next, or more when a run takes longer. */
  readonly everyMs: number;
  /** Milliseconds that a run has to finish once the loop is stopped; absent: no limit. */
  readonly graceMs?: number;
  readonly clock?: Clock;
  readonly logger?: JobLogger;
  run(context: LoopContext): void | Promise<void>;
}

/** Repeats work for as long as the process runs, on every replica; the first run starts immediately. */
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
        // An aborted run has not failed.
        if (!signal.aborted || (error as Error).name !== 'AbortError') throw error;
      }
    }, logger);
  }

  start(): void {
    this.stopped = this.repeat();
  }

  /** Runs now, or waits for the current run. Never rejects: errors are logged. */
  run(): Promise<void> {
    return this.work.run();
  }

  /** Starts no more runs; resolves when the current one or its grace period has ended. */
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
      // Never waits longer than the interval, even if the clock was set back.
      const left = Math.min(begun + everyMs - this.clock.now(), everyMs);
      await this.clock.sleep(Math.max(left, 0), signal).catch(() => {});
    }
  }
}
