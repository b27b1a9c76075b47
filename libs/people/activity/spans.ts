const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const QUARTERS_PER_DAY = 96;

/** The days in UTC of a period. */
export interface Span {
  readonly index: number;
  /** Seconds since the epoch: the first day, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The first quarter-hour of the first day, and the one after the last of the last day. */
  readonly fromQuarter: number;
  readonly toQuarter: number;
}

/**
 * The days in UTC that periods consist of, in whole or in part. Before them is the period -1, the rest of the day in which
 * they begin: who was active then is not new in the first period. A zone's midnight is at a quarter-hour in UTC. Pure.
 * @param bounds start of each period and end of the last, in milliseconds since the epoch
 */
export function spansOf(bounds: readonly number[]): Span[] {
  const before = Math.floor(bounds[0]! / DAY_MS) * DAY_MS;
  const periods = bounds.slice(0, -1).map((start, index) => spanOf(index, start, bounds[index + 1]!));
  return before === bounds[0] ? periods : [spanOf(-1, before, bounds[0]!), ...periods];
}

/** The days of one period. */
export function spanOf(index: number, start: number, end: number): Span {
  const from = Math.floor(start / DAY_MS) * DAY_MS;
  const to = Math.ceil(end / DAY_MS) * DAY_MS;
  return {
    ...{ index, from: from / 1000, to: to / 1000 },
    fromQuarter: Math.floor((start - from) / QUARTER_MS),
    toQuarter: QUARTERS_PER_DAY - Math.floor((to - end) / QUARTER_MS),
  };
}
