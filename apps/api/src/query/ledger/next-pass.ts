/** Repeats work for all who ask, one pass at a time. Everybody gets the result of a pass that began after they asked. */
export class NextPass<T> {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<T> | undefined;

  constructor(private readonly work: () => Promise<T>) {}

  /** @throws the error of the pass, for all who wait for it */
  result(): Promise<T> {
    this.next ??= this.running.then(() => {
      this.next = undefined;
      const pass = this.work();
      this.running = pass.catch(() => {});
      return pass;
    });
    return this.next;
  }
}
