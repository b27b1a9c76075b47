import { quantileOf, type SortedBins } from './quantile.js';
import type { SketchJson } from './sketch.js';
import { visitSketch } from './sketch-codec.js';

/** Bins allocated beyond those needed. */
const SLACK = 64;

/**
 * A sum of stored sketches, only good for quantiles. Its bins are arrays: merging 2,700 sketches takes 4 ms, with the
 * maps of `Sketch` 30 ms.
 */
export class SketchSum {
  private zeros = 0;
  private readonly positive = new BinSum();
  private readonly negative = new BinSum();
  private readonly addBin = (isNegative: boolean, bin: number, count: number) =>
    (isNegative ? this.negative : this.positive).add(bin, count);

  /** Adds a sketch as stored in rollups. */
  addEncoded(bytes: Buffer): void {
    this.zeros += visitSketch(bytes, this.addBin);
  }

  /** Adds a sketch as it is in deltas. */
  addJson([zeros, positive, negative]: SketchJson): void {
    this.zeros += zeros;
    this.positive.addFlat(positive);
    this.negative.addFlat(negative);
  }

  addSum(other: SketchSum): void {
    this.zeros += other.zeros;
    this.positive.addSum(other.positive);
    this.negative.addSum(other.negative);
  }

  /** As `Sketch.quantile`. */
  quantile(q: number, min: number, max: number): number | null {
    const count = this.zeros + this.positive.total + this.negative.total;
    return quantileOf(q, { count, min, max }, () => ({
      zeros: this.zeros,
      positive: this.positive.sorted(),
      negative: this.negative.sorted(),
    }));
  }
}

/** Counts by bin, from `first` on. */
class BinSum {
  private counts = new Float64Array(0);
  private first = 0;
  total = 0;

  add(bin: number, count: number): void {
    this.total += count;
    let at = bin - this.first;
    if (at < 0 || at >= this.counts.length) {
      this.makeRoom(bin);
      at = bin - this.first;
    }
    this.counts[at]! += count;
  }

  addFlat(list: readonly number[]): void {
    for (let i = 0; i < list.length; i += 2) this.add(list[i]!, list[i + 1]!);
  }

  addSum({ counts, first }: BinSum): void {
    for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) this.add(first + i, counts[i]!);
  }

  sorted(): SortedBins {
    const bins: [number, number][] = [];
    this.counts.forEach((count, i) => {
      if (count > 0) bins.push([this.first + i, count]);
    });
    return bins;
  }

  private makeRoom(bin: number): void {
    const { counts, first } = this;
    const isEmpty = counts.length === 0;
    const from = isEmpty ? bin - SLACK : Math.min(first, bin - SLACK);
    const to = isEmpty ? bin + SLACK : Math.max(first + counts.length, bin + SLACK);
    this.counts = new Float64Array(to - from);
    if (!isEmpty) this.counts.set(counts, first - from);
    this.first = from;
  }
}
