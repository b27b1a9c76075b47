import type { WindowName } from '#config';
import { Measurement } from '../measurement/measurement.js';

export const STATISTICS = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** An aggregate query about one event type. Range in milliseconds since the epoch, half-open. */
export interface AggregateQuestion {
  readonly type: string;
  /** Absent: events are counted. */
  readonly measure?: string;
  readonly window: WindowName;
  readonly from: number;
  readonly to: number;
  readonly groupBy: readonly string[];
  /** Dimension → required value. */
  readonly where: Readonly<Record<string, string>>;
  readonly userId?: string;
}

export type Group = Readonly<Record<string, string | null>>;

/** One bucket of one group, with the figures for every statistic. */
export interface AggregatePoint {
  /** Milliseconds since the epoch. */
  readonly bucket: number;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  quantile(q: number): number | null;
}

export interface AggregateSeries {
  readonly group: Group;
  readonly points: readonly AggregatePoint[];
}

/** One rollup row or delta before grouping. */
export interface Contribution {
  readonly bucket: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly count: number;
  /** Absent when events are counted. */
  readonly measurement?: Measurement;
}

/** Merges contributions into the requested groups and buckets. */
export class Groups {
  private readonly entries = new Map<string, { group: Group; points: Map<number, MergedPoint> }>();

  constructor(private readonly groupBy: readonly string[]) {}

  add({ bucket, dimensions, count, measurement }: Contribution): void {
    const group = groupOf(dimensions, this.groupBy);
    const key = JSON.stringify(Object.values(group));
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { group, points: new Map() };
      this.entries.set(key, entry);
    }
    let point = entry.points.get(bucket);
    if (!point) {
      point = new MergedPoint(bucket);
      entry.points.set(bucket, point);
    }
    point.add(count, measurement);
  }

  /** Sorted by the groups' values. */
  series(): AggregateSeries[] {
    return [...this.entries.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { group, points }]) => ({
        group,
        points: [...points.values()].sort((a, b) => a.bucket - b.bucket),
      }));
  }
}

/** The group of a series; null for a dimension that it lacks. */
export function groupOf(dimensions: Readonly<Record<string, string>>, groupBy: readonly string[]): Group {
  return Object.fromEntries(
    groupBy.map((name) => [name, Object.hasOwn(dimensions, name) ? dimensions[name]! : null]),
  );
}

class MergedPoint implements AggregatePoint {
  count = 0;
  private readonly measurement = new Measurement();

  constructor(readonly bucket: number) {}

  add(count: number, measurement: Measurement | undefined): void {
    this.count += count;
    if (measurement) this.measurement.merge(measurement);
  }

  get sum(): number | null {
    return this.measured(this.measurement.sum);
  }

  get min(): number | null {
    return this.measured(this.measurement.min);
  }

  get max(): number | null {
    return this.measured(this.measurement.max);
  }

  quantile(q: number): number | null {
    return this.measurement.sketch.quantile(q, this.measurement.min, this.measurement.max);
  }

  private measured(value: number): number | null {
    return this.measurement.count > 0 ? value : null;
  }
}

const QUANTILE: Partial<Record<Statistic, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/** One statistic of a point; null when the point has no measured value. */
export function statisticOf(point: AggregatePoint, statistic: Statistic): number | null {
  switch (statistic) {
    case 'count':
      return point.count;
    case 'avg':
      return point.sum === null ? null : point.sum / point.count;
    case 'sum':
    case 'min':
    case 'max':
      return point[statistic];
    default:
      return point.quantile(QUANTILE[statistic]!);
  }
}
