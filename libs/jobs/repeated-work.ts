import type { JobLogger } from './job-logger.js';

/** Repeated work: runs never overlap, and an error does not end it. */
export class RepeatedWork {
  private underWay: Promise<void> | undefined;
  private lastError: string | undefined;

  constructor(
    private readonly work: () => void | Promise<void>,
    private readonly logger: JobLogger,
  ) {}

  /** Runs now, or waits for the current run. Never rejects. */
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
      // Logged once: an outage of an hour is one line.
      if (message !== this.lastError) this.logger.warn(message);
      this.lastError = message;
    }
  }
}
