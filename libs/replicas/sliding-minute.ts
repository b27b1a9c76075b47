const MINUTE_MS = 60_000;

/** Counters that only grow, by name. */
export type Totals<Name extends string> = Readonly<Record<Name, number>>;

interface Sample<Name extends string> {
  readonly at: number;
  readonly totals: Totals<Name>;
}

/**
 * How much counters have grown in the last minute, or since the start if that is less. Pure. It keeps what it is asked
 * about: asked every few seconds, it goes back a minute and at most one interval more.
 */
export class SlidingMinute<Name extends string> {
  private readonly samples: Sample<Name>[];

  /** @param start the counters at the instant `at`, in milliseconds of any clock that does not go back */
  constructor(start: Totals<Name>, at: number) {
    this.samples = [{ at, totals: start }];
  }

  /**
   * @param totals the counters now
   * @param at milliseconds, of the same clock
   */
  growth(totals: Totals<Name>, at: number): Totals<Name> {
    this.samples.push({ at, totals });
    // The newest sample that is a minute old is where the minute begins.
    while (this.samples[1]!.at <= at - MINUTE_MS) this.samples.shift();
    const { totals: before } = this.samples[0]!;
    const names = Object.keys(totals) as Name[];
    return Object.fromEntries(names.map((name) => [name, totals[name] - before[name]])) as Totals<Name>;
  }
}
