import { deviceMetric } from '#catalog';
import { type AggregateQuestion, type AggregateSeries, bucketBounds } from '#rollups';

const HOUR_MS = 3_600_000;
/** Up to this many hours are read by the minute, more by the hour. */
const HOURS_BY_MINUTE = 144;
const MAX_BUCKETS = 10_000;
const DIMENSIONS = ['device_name', 'metric_name'];

/** The readings of one metric of one device. */
export interface DeviceSummary {
  readonly device_name: string;
  readonly metric_name: string;
  readonly count: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  /** The latest reading. */
  readonly last: number;
}

/** The latest reading of a device and metric. */
export interface LatestReading {
  readonly device_name: string;
  readonly metric_name: string;
  readonly value: number;
}

/**
 * The question about all readings of the last hours.
 * @param now milliseconds since the epoch
 */
export function deviceQuestion(hours: number, now: number): AggregateQuestion {
  const stored = hours <= HOURS_BY_MINUTE ? '1m' : '1h';
  const range = { from: now - hours * HOUR_MS, to: now + 1 };
  return {
    ...{ types: [deviceMetric.name], measure: 'value', periods: 1, stored, where: {}, groupBy: DIMENSIONS },
    bounds: bucketBounds({ ...range, window: stored, timeZone: 'UTC' }, MAX_BUCKETS),
    statistics: ['count', 'avg', 'min', 'max'],
  };
}

/** Starts of the buckets that have the latest reading of some series, in milliseconds since the epoch. */
export const latestBuckets = (series: readonly AggregateSeries[], bounds: readonly number[]): number[] => [
  ...new Set(series.map(({ points }) => bounds[points.at(-1)!.index]!)),
];

/** Joins the figures of each device and metric with its latest reading. Pure. */
export function summarize(
  series: readonly AggregateSeries[],
  latest: readonly LatestReading[],
): DeviceSummary[] {
  const keyOf = (device: string | null, metric: string | null) => JSON.stringify([device, metric]);
  const values = new Map(
    latest.map(({ device_name, metric_name, value }) => [keyOf(device_name, metric_name), value]),
  );
  return series.flatMap(({ group, totals }) => {
    const { device_name, metric_name } = group;
    const last = values.get(keyOf(device_name!, metric_name!));
    // An erased person's readings are in the figures, but no longer among the events.
    if (last === undefined) return [];
    const [count, avg, min, max] = totals[0] as [number, number, number, number];
    return { device_name: device_name!, metric_name: metric_name!, count, avg, min, max, last };
  });
}
