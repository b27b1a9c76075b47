import { type Bins, sortedBins } from './bins.js';

/** Bins stored for each sign: 14 orders of magnitude. Beyond that, the smallest magnitudes share one bin. */
const MAX_BINS = 2048;

/** The parts of a sketch. */
export interface SketchCounts {
  readonly zeros: number;
  readonly positive: Bins;
  readonly negative: Bins;
}

/**
 * The stored form of a sketch, all varints: the zeros, then for each sign the number of bins and, for each bin in
 * ascending order, its distance from the previous one (zigzag) and its count.
 */
export function encodeSketch({ zeros, positive, negative }: SketchCounts): Buffer {
  const numbers = [zeros];
  for (const bins of [positive, negative]) {
    const list = collapse(sortedBins(bins));
    numbers.push(list.length);
    let previous = 0;
    for (const [bin, count] of list) {
      numbers.push(zigzag(bin - previous), count);
      previous = bin;
    }
  }
  return encodeVarints(numbers);
}

/** The inverse of `encodeSketch`. */
export function decodeSketch(bytes: Buffer): SketchCounts {
  const positive: Bins = new Map();
  const negative: Bins = new Map();
  const zeros = visitSketch(bytes, (isNegative, bin, count) => {
    (isNegative ? negative : positive).set(bin, count);
  });
  return { zeros, positive, negative };
}

/** The numbers of the sketch being read; kept, so that reading allocates nothing. */
const numbers: number[] = [];

/**
 * Calls `visit` for each bin of an encoded sketch.
 * @param visit must not read another sketch
 * @returns the zeros
 */
export function visitSketch(
  bytes: Buffer,
  visit: (isNegative: boolean, bin: number, count: number) => void,
): number {
  readVarints(bytes);
  let at = 1;
  for (let sign = 0; sign < 2; sign++) {
    let bin = 0;
    const end = at + 1 + 2 * numbers[at]!;
    for (at++; at < end; at += 2) {
      bin += unzigzag(numbers[at]!);
      visit(sign === 1, bin, numbers[at + 1]!);
    }
  }
  return numbers[0]!;
}

/** Reads all varints into `numbers`. */
function readVarints(bytes: Buffer): void {
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!;
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = bytes[++i]!;
      value += (byte & 0x7f) * scale;
    }
    numbers[n++] = value;
  }
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

/** Little-endian base 128, by arithmetic instead of bit operations: counts exceed 32 bits. */
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
