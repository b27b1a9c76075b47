/** Seeded random numbers (mulberry32, Tommy Ettinger's 32-bit generator). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /**
   * Seeds from TEST_SEED or the clock, and prints the seed so that a failure can be repeated.
   * @param what it is used for
   */
  static announced(what = 'events'): Random {
    const seed = Number(process.env.TEST_SEED ?? Date.now() % 0x1_0000_0000);
    process.stdout.write(`random ${what}: TEST_SEED=${seed} repeats them\n`);
    return new Random(seed);
  }

  /** At least 0, under 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** At least `min`, at most `max`. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((value) => [this.next(), value] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, value]) => value);
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
