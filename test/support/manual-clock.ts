import type { Clock } from '#jobs';

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that only the test moves. */
export class ManualClock implements Clock {
  private sleepers: Sleeper[] = [];

  /** @param time milliseconds since the epoch */
  constructor(private time = 0) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.time + ms, wake: resolve };
      const abort = () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.sleepers.push(sleeper);
    });
  }

  /** Advances the time; resolves when everything that this wakes has run. */
  async advance(ms: number): Promise<void> {
    this.time += ms;
    const due = this.sleepers.filter(({ until }) => until <= this.time);
    this.sleepers = this.sleepers.filter(({ until }) => until > this.time);
    for (const { wake } of due) wake();
    await turn();
  }
}

/** Lets all pending callbacks run. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
