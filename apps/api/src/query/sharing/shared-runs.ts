/** Work that several callers wait for. */
export interface Run {
  /** Aborted when all of them have left. */
  readonly signal: AbortSignal;
  /** To be called before anything is read: who asks later gets a run of their own. */
  begin(): void;
}

interface WaitingRun<T> extends Run {
  readonly result: Promise<T>;
  /** Adds a caller. */
  join(signal: AbortSignal): void;
}

/** Runs equal work once for all who ask for it before it begins, so that nobody gets an answer older than their question. */
export class SharedRuns<T> {
  /** Runs that have not begun. */
  private readonly waiting = new Map<string, WaitingRun<T>>();

  /**
   * @param key equal for equal work
   * @param signal aborted when the caller has left
   * @param work called unless such a run is waiting already
   */
  run(key: string, signal: AbortSignal, work: (run: Run) => Promise<T>): Promise<T> {
    const run = this.waiting.get(key) ?? this.start(key, work);
    run.join(signal);
    return run.result;
  }

  private start(key: string, work: (run: Run) => Promise<T>): WaitingRun<T> {
    const controller = new AbortController();
    let callers = 0;
    const leave = () => {
      if (--callers === 0) controller.abort();
    };
    const begin = () => {
      if (this.waiting.get(key) === run) this.waiting.delete(key);
    };
    const result = Promise.resolve()
      .then(() => work({ signal: controller.signal, begin }))
      .finally(begin);
    const run: WaitingRun<T> = {
      ...{ signal: controller.signal, begin, result },
      join(signal) {
        callers++;
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        const forget = () => signal.removeEventListener('abort', leave);
        result.then(forget, forget);
      },
    };
    this.waiting.set(key, run);
    return run;
  }
}
