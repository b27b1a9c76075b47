import type { MeasurementJson } from '../measurement/measurement.js';
import { SketchSum } from '../measurement/sketch-sum.js';

export const STATISTICS = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof STATISTICS)[number];

const QUANTILE: Partial<Record<Statistic, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/** Whether a statistic needs sketches. */
export const isQuantile = (statistic: Statistic) => statistic in QUANTILE;

/** What rows, deltas and events add up to. Without measured values, only the count is known. */
export interface Summand {
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Absent when no percentiles are wanted. */
  readonly sketch?: MeasurementJson[4] | null;
  /** Encoded sketches, each after its length as a 32-bit number. */
  readonly sketches?: Buffer | null;
}

/** The sum of all rows, deltas or events of one bucket, or of several. */
export class FigureSum {
  private count = 0;
  private sum = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private measured = false;
  private sketch: SketchSum | undefined;

  add({ count, sum, min, max, sketch, sketches }: Summand): void {
    this.count += count;
    if (sum === null) return;
    this.measured = true;
    this.sum += sum;
    this.min = Math.min(this.min, min!);
    this.max = Math.max(this.max, max!);
    if (!sketch && !sketches) return;
    this.sketch ??= new SketchSum();
    if (sketch) this.sketch.addJson(sketch);
    if (sketches) for (const one of eachSketch(sketches)) this.sketch.addEncoded(one);
  }

  addSum(other: FigureSum): void {
    this.count += other.count;
    if (!other.measured) return;
    this.measured = true;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    if (!other.sketch) return;
    this.sketch ??= new SketchSum();
    this.sketch.addSum(other.sketch);
  }

  copy(): FigureSum {
    const copy = new FigureSum();
    copy.addSum(this);
    return copy;
  }

  /** Makes it empty; the memory stays. */
  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.measured = false;
    this.sketch?.clear();
  }

  /** One statistic; null when it needs measured values and there are none. */
  value(statistic: Statistic): number | null {
    if (statistic === 'count') return this.count;
    if (!this.measured) return null;
    if (statistic === 'avg') return this.sum / this.count;
    const q = QUANTILE[statistic];
    if (q === undefined) return this[statistic as 'sum' | 'min' | 'max'];
    return this.sketch?.quantile(q, this.min, this.max) ?? null;
  }
}

function* eachSketch(sketches: Buffer): Generator<Buffer> {
  for (let at = 0; at < sketches.length; ) {
    const start = at + 4;
    at = start + sketches.readInt32BE(at);
    yield sketches.subarray(start, at);
  }
}
