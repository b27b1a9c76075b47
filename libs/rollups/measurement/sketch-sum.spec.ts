import fc from 'fast-check';
import { Sketch } from './sketch.js';
import { SketchSum } from './sketch-sum.js';

const QUANTILES = [0, 0.01, 0.5, 0.9, 0.99, 1];
const number = fc.oneof(
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  fc.integer({ min: -100, max: 100 }),
  fc.double({ noNaN: true, min: -1e-8, max: 1e-8 }),
);

it('has the quantiles of the merged sketches, however they were stored', () => {
  fc.assert(
    fc.property(fc.array(fc.array(number), { maxLength: 6 }), (parts) => {
      const merged = new Sketch();
      const sum = new SketchSum();
      parts.forEach((values, i) => {
        const sketch = new Sketch();
        for (const value of values) sketch.add(value);
        merged.merge(sketch);
        if (i % 3 === 0) sum.addEncoded(sketch.encode());
        else if (i % 3 === 1) sum.addJson(JSON.parse(JSON.stringify(sketch)));
        else {
          const part = new SketchSum();
          part.addEncoded(sketch.encode());
          sum.addSum(part);
        }
      });
      const all = parts.flat();
      const [min, max] = [Math.min(...all), Math.max(...all)];
      for (const q of QUANTILES) expect(sum.quantile(q, min, max)).toBe(merged.quantile(q, min, max));
    }),
  );
});
