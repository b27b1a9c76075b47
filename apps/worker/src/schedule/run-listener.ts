import { Logger } from '@nestjs/common';
import type { JobLogger } from '#jobs';

export interface Progress {
  readonly done: number;
  readonly total?: number;
}

/** What hears of a run while it works: its job in the queue, which Bull Board shows. */
export interface RunListener {
  progress(progress: Progress): Promise<void>;
  log(line: string): Promise<unknown>;
}

/** Nobody listens. */
export const SILENT: RunListener = { progress: async () => {}, log: async () => {} };

/** Logs to the process and, in the same order, to the listener. */
export class RunLogger implements JobLogger {
  private readonly logger: Logger;
  private told: Promise<void> = Promise.resolve();

  constructor(
    name: string,
    private readonly listener: RunListener,
  ) {
    this.logger = new Logger(name);
  }

  log(message: string): void {
    this.logger.log(message);
    this.tell(message);
  }

  warn(message: string): void {
    this.logger.warn(message);
    this.tell(message);
  }

  /** Resolves when the listener has every line, or did not take it: then the log of the process still has it. */
  written(): Promise<void> {
    return this.told;
  }

  private tell(message: string): void {
    const tell = () => this.listener.log(message);
    const report = (error: Error) => this.logger.debug(`not in the queue's log: ${error.message}`);
    this.told = this.told.then(tell).then(() => {}, report);
  }
}
