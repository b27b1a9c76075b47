import {
  type AggregatePoint,
  type AggregateQuestion,
  type AggregateSeries,
  groupOf,
  periodOf,
} from './question.js';
import { FigureSum, type Summand } from './statistic.js';

interface Series {
  readonly points: AggregatePoint[];
  readonly totals: readonly FigureSum[];
  /** The sum of the open bucket. */
  readonly bucket: FigureSum;
}

/** More groups than `maxGroups` were found. */
export class TooManyGroups extends Error {}

/** Adds up a question's rows, deltas and events, bucket by bucket, so that only the sums of one bucket are in memory. */
export class SeriesSums {
  private readonly series = new Map<string, Series>();
  /** Series with something in the open bucket. */
  private readonly open = new Set<Series>();

  constructor(private readonly question: AggregateQuestion) {}

  /**
   * Adds to a group in the open bucket.
   * @throws TooManyGroups
   */
  add(key: string, summand: Summand): void {
    const series = this.seriesOf(key);
    series.bucket.add(summand);
    this.open.add(series);
  }

  /** Finishes the open bucket. Each index may be closed once, in any order. */
  close(index: number): void {
    const period = periodOf(this.question, index);
    for (const { points, totals, bucket } of this.open) {
      points.push({ index, figures: this.figuresOf(bucket) });
      totals[period]!.addSum(bucket);
      bucket.clear();
    }
    this.open.clear();
  }

  /** Series and points in memory. */
  get size(): number {
    return [...this.series.values()].reduce((sum, { points }) => sum + points.length + 1, 0);
  }

  /** The same sums, to go on from. Between buckets. */
  copy(): SeriesSums {
    const copy = new SeriesSums(this.question);
    for (const [key, { points, totals }] of this.series) {
      copy.series.set(key, {
        ...{ points: [...points], totals: totals.map((total) => total.copy()), bucket: new FigureSum() },
      });
    }
    return copy;
  }

  /** All series, sorted by group. */
  result(): AggregateSeries[] {
    return [...this.series.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { points, totals }]) => ({
        key,
        group: groupOf(key, this.question.groupBy),
        totals: totals.map((total) => this.figuresOf(total)),
        points: points.sort((a, b) => a.index - b.index),
      }));
  }

  private figuresOf = (sum: FigureSum) => this.question.statistics.map((statistic) => sum.value(statistic));

  private seriesOf(key: string): Series {
    let series = this.series.get(key);
    if (!series) {
      if (this.series.size === this.question.maxGroups) throw new TooManyGroups();
      const totals = Array.from({ length: this.question.periods }, () => new FigureSum());
      series = { points: [], totals, bucket: new FigureSum() };
      this.series.set(key, series);
    }
    return series;
  }
}
