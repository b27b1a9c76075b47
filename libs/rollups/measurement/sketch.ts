/**
 * Relative accuracy of the quantiles. The promise is 1 %; the rest is margin for the difference between
 * definitions of a quantile on few values.
 */
const ACCURACY = 0.008;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
/** Magnitudes under this count as zero. */
const SMALLEST = 1e-9;
/** Bins kept for each sign: 14 orders of magnitude; beyond that the smallest magnitudes share one. */
const MAX_BINS = 2048;

/** Bin → count, for one sign. */
type Bins = Map<number, number>;

/** JSON form: [zeros, positive bins, negative bins], bins as a flat list bin, count, bin, count… */
export type SketchJson = readonly [number, readonly number[], readonly number[]];

/**
 * A mergeable quantile sketch: counts of logarithmic bins (DDSketch: Masson, Rim, Lee, VLDB 2019,
 * doi:10.14778/3352063.3352135). Merging is adding counts, hence exact, associative and commutative.
 */
export class Sketch {
  private zeros = 0;
  private readonly positive: Bins = new Map();
  private readonly negative: Bins = new Map();

  /** Adds one finite value. */
  add(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude < SMALLEST) {
      this.zeros++;
      return;
    }
    const bins = value > 0 ? this.positive : this.negative;
    const bin = Math.ceil(Math.log(magnitude) / LOG_GAMMA);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }

  merge(other: Sketch): void {
    this.zeros += other.zeros;
    addBins(this.positive, other.positive);
    addBins(this.negative, other.negative);
  }

  /** Takes away what was merged before; of what was not, counts below zero are left. */
  remove(other: Sketch): void {
    this.zeros -= other.zeros;
    addBins(this.positive, other.positive, -1);
    addBins(this.negative, other.negative, -1);
  }

  get count(): number {
    return this.zeros + total(this.positive) + total(this.negative);
  }

  /**
   * The value of nearest rank ⌈q·n⌉, within ACCURACY; null when the sketch is empty.
   * @param min smallest and @param max largest value added: the estimate is kept between them
   */
  quantile(q: number, min: number, max: number): number | null {
    const count = this.count;
    if (count === 0) return null;
    const rank = Math.max(1, Math.ceil(q * count));
    // The ends are known exactly; with few values most ranks are ends.
    if (rank >= count) return max;
    if (rank === 1) return min;
    return Math.min(max, Math.max(min, this.valueAtRank(rank)));
  }

  private valueAtRank(rank: number): number {
    let left = rank;
    for (const [bin, count] of sorted(this.negative).reverse()) {
      left -= count;
      if (left <= 0) return -binValue(bin);
    }
    left -= this.zeros;
    if (left <= 0) return 0;
    let last = 0;
    for (const [bin, count] of sorted(this.positive)) {
      left -= count;
      last = binValue(bin);
      if (left <= 0) return last;
    }
    return last;
  }

  toJSON(): SketchJson {
    return [this.zeros, flat(this.positive), flat(this.negative)];
  }

  static fromJSON([zeros, positive, negative]: SketchJson): Sketch {
    const sketch = new Sketch();
    sketch.zeros = zeros;
    for (let i = 0; i < positive.length; i += 2) sketch.positive.set(positive[i]!, positive[i + 1]!);
    for (let i = 0; i < negative.length; i += 2) sketch.negative.set(negative[i]!, negative[i + 1]!);
    return sketch;
  }

  /** Bytes for storage: varints of zeros, then for each sign the number of bins, bin steps and counts. */
  encode(): Buffer {
    const numbers = [this.zeros];
    for (const bins of [this.positive, this.negative]) {
      const list = collapse(sorted(bins));
      numbers.push(list.length);
      let previous = 0;
      for (const [bin, count] of list) {
        numbers.push(zigzag(bin - previous), count);
        previous = bin;
      }
    }
    return encodeVarints(numbers);
  }

  static decode(bytes: Buffer): Sketch {
    const numbers = decodeVarints(bytes);
    const sketch = new Sketch();
    let at = 0;
    sketch.zeros = numbers[at++]!;
    for (const bins of [sketch.positive, sketch.negative]) {
      let bin = 0;
      for (let left = numbers[at++]!; left > 0; left--) {
        bin += unzigzag(numbers[at++]!);
        bins.set(bin, numbers[at++]!);
      }
    }
    return sketch;
  }
}

/** Middle of a bin, in the sense of equal relative distance to both its ends. */
const binValue = (bin: number) => (2 * GAMMA ** bin) / (GAMMA + 1);

const sorted = (bins: Bins) => [...bins].sort((a, b) => a[0] - b[0]);

/** `[...bins].flat()` takes ten times as long, and every batch has hundreds of sketches. */
function flat(bins: Bins): number[] {
  const list: number[] = [];
  bins.forEach((count, bin) => {
    list.push(bin, count);
  });
  return list;
}

function addBins(target: Bins, source: Bins, times: 1 | -1 = 1): void {
  for (const [bin, count] of source) target.set(bin, (target.get(bin) ?? 0) + times * count);
}

function total(bins: Bins): number {
  let sum = 0;
  for (const count of bins.values()) sum += count;
  return sum;
}

function collapse(list: [number, number][]): [number, number][] {
  if (list.length <= MAX_BINS) return list;
  const surplus = list.length - MAX_BINS;
  const rest = list.slice(surplus);
  const lowest = list.slice(0, surplus).reduce((sum, [, count]) => sum + count, 0);
  return [[rest[0]![0], rest[0]![1] + lowest], ...rest.slice(1)];
}

const zigzag = (value: number) => (value >= 0 ? value * 2 : -value * 2 - 1);
const unzigzag = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

function encodeVarints(numbers: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let value of numbers) {
    while (value >= 0x80) {
      bytes.push((value % 0x80) | 0x80);
      value = Math.floor(value / 0x80);
    }
    bytes.push(value);
  }
  return Buffer.from(bytes);
}

function decodeVarints(bytes: Buffer): number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    if (byte & 0x80) {
      scale *= 0x80;
    } else {
      numbers.push(value);
      value = 0;
      scale = 1;
    }
  }
  return numbers;
}
