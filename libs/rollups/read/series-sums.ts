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
}

/** Adds up a question's rows, deltas and events, bucket by bucket, so that sums of few buckets are in memory. */
export class SeriesSums {
  private readonly series = new Map<string, Series>();
  private bucket = new Map<string, FigureSum>();

  constructor(private readonly question: AggregateQuestion) {}

  /** Adds to a group in the open bucket. */
  add(key: string, summand: Summand): void {
    let sum = this.bucket.get(key);
    if (!sum) {
      sum = new FigureSum();
      this.bucket.set(key, sum);
    }
    sum.add(summand);
  }

  /** Finishes the open bucket. Each index may be closed once, in any order. */
  close(index: number): void {
    for (const [key, sum] of this.bucket) {
      const series = this.seriesOf(key);
      series.points.push({ index, figures: this.figuresOf(sum) });
      series.totals[periodOf(this.question, index)]!.addSum(sum);
    }
    this.bucket = new Map();
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
      series = { points: [], totals: Array.from({ length: this.question.periods }, () => new FigureSum()) };
      this.series.set(key, series);
    }
    return series;
  }
}
