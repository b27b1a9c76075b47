import type { JobLogger } from './job-logger.js';

/** Work that is done again and again: never twice at once, and an error never ends it. */
export class RepeatedWork {
  private underWay: Promise<void> | undefined;
  private lastError: string | undefined;

  constructor(
    private readonly work: () => void | Promise<void>,
    private readonly logger: JobLogger,
  ) {}

  /** Runs now, or waits for the run that is under way. Never rejects. */
  run(): Promise<void> {
    this.underWay ??= this.attempt().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async attempt(): Promise<void> {
    try {
      await this.work();
      if (this.lastError !== undefined) this.logger.log('works again');
      this.lastError = undefined;
    } catch (error) {
      const { message } = error as Error;
      // Once, not each time: an outage of an hour is one line.
      if (message !== this.lastError) this.logger.warn(message);
      this.lastError = message;
    }
  }
}
