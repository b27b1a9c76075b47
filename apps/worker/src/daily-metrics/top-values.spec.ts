import fc from 'fast-check';
import { topValues } from './top-values.js';

const counts = fc.uniqueArray(fc.tuple(fc.option(fc.string()), fc.integer({ min: 1, max: 20 })), {
  selector: ([value]) => value,
  maxLength: 150,
});

describe('topValues', () => {
  it('keeps the 100 values with the most, and adds up the others', () => {
    fc.assert(
      fc.property(counts, (values) => {
        const metrics = topValues('events', 'type', values);
        const sum = (list: readonly { value: number }[]) => list.reduce((all, { value }) => all + value, 0);
        expect(sum(metrics)).toBe(values.reduce((all, [, count]) => all + count, 0));
        expect(metrics).toHaveLength(Math.min(values.length, 101));
        const apart = metrics.slice(0, 100);
        for (const { dimensions, value } of apart) expect(values).toContainEqual([dimensions.type, value]);
        const least = Math.min(...apart.map(({ value }) => value));
        expect(values.filter(([, count]) => count > least).length).toBeLessThanOrEqual(apart.length);
      }),
    );
  });
});
