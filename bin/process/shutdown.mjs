/**
 * Collects started parts and stops them in order at any time: highest rank first, parts of one rank together.
 */
export class Shutdown {
  #parts = [];
  #done;
  #abort = new AbortController();
  #work = Promise.resolve();

  /** Aborted as soon as stopping begins. */
  get signal() {
    return this.#abort.signal;
  }

  /**
   * @param {number} rank
   * @param {(elapsed: number) => Promise<unknown> | unknown} stop gets the milliseconds since stopping began
   */
  add(rank, stop) {
    this.#parts.push({ rank, stop });
  }

  /**
   * Runs the start-up. Stopping waits until it has completed or failed.
   * @param {() => Promise<void>} work
   */
  run(work) {
    this.#work = work();
    return this.#work;
  }

  /** Stops everything, once. */
  stop() {
    this.#done ??= this.#stopAll();
    return this.#done;
  }

  async #stopAll() {
    const begun = Date.now();
    this.#abort.abort();
    await this.#work.catch(() => {});
    const ranks = [...new Set(this.#parts.map(({ rank }) => rank))].sort((a, b) => b - a);
    for (const rank of ranks) {
      const parts = this.#parts.filter((part) => part.rank === rank);
      const results = await Promise.allSettled(parts.map(({ stop }) => stop(Date.now() - begun)));
      for (const { reason } of results) if (reason) console.error(reason.message ?? reason);
    }
  }
}
