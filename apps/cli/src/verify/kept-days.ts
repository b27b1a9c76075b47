const DAY_MS = 86_400_000;

/** A range of instants, half open, in milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The days of which an organization's raw events still exist; older rollups cannot be recomputed. */
export class KeptDays {
  private readonly starts: ReadonlySet<number>;

  /**
   * @param days with events of anybody, `YYYY-MM-DD`, in order
   * @param horizons by organization: since when its events are kept, in milliseconds since the epoch; absent: all days
   */
  constructor(
    private readonly days: readonly string[],
    private readonly horizons: ReadonlyMap<string, number>,
  ) {
    this.starts = new Set(days.map(startOf));
  }

  has(organizationId: string, epochMs: number): boolean {
    const horizon = this.horizons.get(organizationId) ?? Number.NEGATIVE_INFINITY;
    return epochMs >= horizon && this.starts.has(Math.floor(epochMs / DAY_MS) * DAY_MS);
  }

  /** Whether every day between two instants is kept. */
  hasAll(organizationId: string, from: number, to: number): boolean {
    for (let at = from; at < to; at += DAY_MS) if (!this.has(organizationId, at)) return false;
    return this.has(organizationId, to);
  }

  /** Splits the kept days into ranges of consecutive days with at most `most` events each, or of a single day. */
  ranges(eventsOf: (day: string) => number, most: number): TimeRange[] {
    const ranges: { from: number; to: number; events: number }[] = [];
    for (const day of this.days) {
      const start = startOf(day);
      const last = ranges.at(-1);
      const events = eventsOf(day);
      if (last && last.to === start && last.events + events <= most) {
        last.to += DAY_MS;
        last.events += events;
      } else {
        ranges.push({ from: start, to: start + DAY_MS, events });
      }
    }
    return ranges;
  }
}

const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
