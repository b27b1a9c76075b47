import { addBins, type Bins, binOf, binsFrom, flattenBins, SMALLEST, sortedBins, totalOf } from './bins.js';
import { quantileOf } from './quantile.js';
import { decodeSketch, encodeSketch } from './sketch-codec.js';

/** JSON form: [zeros, positive bins, negative bins], bins as a flat list bin, count, bin, count… */
export type SketchJson = readonly [number, readonly number[], readonly number[]];

/**
 * A mergeable quantile sketch: counts of logarithmic bins (DDSketch: Masson, Rim, Lee, VLDB 2019,
 * doi:10.14778/3352063.3352135). Merging adds counts, so it is exact, associative and commutative.
 */
export class Sketch {
  constructor(
    private zeros = 0,
    private readonly positive: Bins = new Map(),
    private readonly negative: Bins = new Map(),
  ) {}

  /** Adds one finite value. */
  add(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude < SMALLEST) {
      this.zeros++;
      return;
    }
    const bins = value > 0 ? this.positive : this.negative;
    const bin = binOf(magnitude);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }

  merge(other: Sketch): void {
    this.zeros += other.zeros;
    addBins(this.positive, other.positive);
    addBins(this.negative, other.negative);
  }

  /** Subtracts a sketch that was merged before; any other leaves counts below zero. */
  remove(other: Sketch): void {
    this.zeros -= other.zeros;
    addBins(this.positive, other.positive, -1);
    addBins(this.negative, other.negative, -1);
  }

  get count(): number {
    return this.zeros + totalOf(this.positive) + totalOf(this.negative);
  }

  /**
   * The value of nearest rank ⌈q·n⌉, within 1 %; null when the sketch is empty.
   * @param min smallest value added; the estimate is never below
   * @param max largest value added; the estimate is never above
   */
  quantile(q: number, min: number, max: number): number | null {
    const { positive, negative, zeros } = this;
    const counts = {
      zeros,
      negatives: totalOf(negative),
      positives: totalOf(positive),
      // The largest magnitudes are the smallest values.
      negativeBin: (rank: number) => binAtRank(sortedBins(negative).reverse(), rank),
      positiveBin: (rank: number) => binAtRank(sortedBins(positive), rank),
    };
    return quantileOf(q, counts, min, max);
  }

  toJSON(): SketchJson {
    return [this.zeros, flattenBins(this.positive), flattenBins(this.negative)];
  }

  static fromJSON([zeros, positive, negative]: SketchJson): Sketch {
    return new Sketch(zeros, binsFrom(positive), binsFrom(negative));
  }

  /** Bytes for storage. */
  encode(): Buffer {
    return encodeSketch({ zeros: this.zeros, positive: this.positive, negative: this.negative });
  }

  static decode(bytes: Buffer): Sketch {
    const { zeros, positive, negative } = decodeSketch(bytes);
    return new Sketch(zeros, positive, negative);
  }
}

function binAtRank(bins: readonly (readonly [bin: number, count: number])[], rank: number): number {
  let left = rank;
  for (const [bin, count] of bins) {
    left -= count;
    if (left <= 0) return bin;
  }
  return bins.at(-1)![0];
}
