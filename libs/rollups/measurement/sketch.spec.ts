import { Random } from '../../../test/support/random.js';
import { Sketch } from './sketch.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99];
const random = new Random(20_251_122);
const values = (count: number, draw: () => number) => Array.from({ length: count }, draw);

const DATA: readonly (readonly [string, readonly number[]])[] = [
  ['uniform', values(10_000, () => random.next() * 1000)],
  ['log-normal', values(10_000, () => Math.exp(5 + 1.5 * random.normal()))],
  ['constant', values(1000, () => 42.1)],
  ['negative', values(10_000, () => -Math.exp(3 * random.normal()))],
  ['of both signs with zeros', values(10_000, () => Math.round(random.normal() * 20) * 0.5)],
  ['whole numbers', values(10_000, () => random.integer(0, 3_600_000))],
  ['a single value', [17]],
  ['two values far apart', [1e-3, 1e9]],
  ['over 18 orders of magnitude', values(10_000, () => 10 ** (random.next() * 18 - 6))],
];

/** The value of nearest rank. */
function exact(data: readonly number[], q: number): number {
  const sorted = [...data].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * data.length)) - 1]!;
}

function sketchOf(data: readonly number[]): Sketch {
  const sketch = new Sketch();
  for (const value of data) sketch.add(value);
  return sketch;
}

function expectAccurate(sketch: Sketch, data: readonly number[]): void {
  const [min, max] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
  for (const q of QUANTILES) {
    const truth = exact(data, q);
    expect(Math.abs(sketch.quantile(q, min, max)! - truth)).toBeLessThanOrEqual(0.01 * Math.abs(truth));
  }
}

describe.each(DATA)('percentiles of data that is %s', (_name, data) => {
  it('are within 1 % of exact', () => {
    expectAccurate(sketchOf(data), data);
  });

  it('stay accurate after merging, and are the same for any grouping', () => {
    for (let groups = 0; groups < 5; groups++) {
      const parts: number[][] = Array.from({ length: random.integer(1, 40) }, () => []);
      for (const value of data) random.pick(parts).push(value);
      const merged = new Sketch();
      for (const part of random.shuffle(parts)) {
        const sketch = sketchOf(part);
        // About half pass through storage, the rest through a delta.
        merged.merge(
          random.chance(0.5)
            ? Sketch.decode(sketch.encode())
            : Sketch.fromJSON(JSON.parse(JSON.stringify(sketch))),
        );
      }
      expect(merged.encode()).toEqual(sketchOf(data).encode());
      expectAccurate(merged, data);
    }
  });

  it('are the same after storage', () => {
    const sketch = sketchOf(data);
    const stored = Sketch.decode(sketch.encode());
    expect(stored.count).toBe(data.length);
    expectAccurate(stored, data);
    expect(stored.encode()).toEqual(sketch.encode());
  });
});

describe('a sketch', () => {
  it('without values has no percentiles', () => {
    expect(new Sketch().quantile(0.5, 0, 0)).toBeNull();
  });

  it('keeps its count and its upper percentiles when it runs out of bins', () => {
    const data = values(50_000, () => 10 ** (random.next() * 40 - 8));
    const stored = Sketch.decode(sketchOf(data).encode());
    expect(stored.count).toBe(data.length);
    for (const q of [0.9, 0.95, 0.99]) {
      const truth = exact(data, q);
      expect(Math.abs(stored.quantile(q, 0, 1e40)! - truth)).toBeLessThanOrEqual(0.01 * truth);
    }
  });

  it('counts past 2^32', () => {
    const sketch = Sketch.fromJSON([2 ** 40, [3, 2 ** 41], []]);
    expect(Sketch.decode(sketch.encode())).toEqual(sketch);
  });
});
