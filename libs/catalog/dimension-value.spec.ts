import fc from 'fast-check';
import { dimensionValue } from './dimension-value.js';

describe('dimensionValue', () => {
  it.each([
    ['plan', 'plan'],
    ['', ''],
    [200, '200'],
    [-0.5, '-0.5'],
    [true, 'true'],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
    [['a'], undefined],
  ])('of %j is %p', (value, text) => {
    expect(dimensionValue(value)).toBe(text);
  });

  it('keeps a value of up to 200 bytes unchanged', () => {
    for (const text of ['x'.repeat(200), 'é'.repeat(100), '😀'.repeat(50)]) {
      expect(dimensionValue(text)).toBe(text);
    }
  });

  it('shortens a longer value, and keeps different values distinct', () => {
    const long = 'x'.repeat(201);
    expect(dimensionValue(long)).toMatch(/^x{40}…[0-9a-f]{32}$/);
    expect(dimensionValue(`${long}a`)).not.toBe(dimensionValue(`${long}b`));
  });

  it('never splits a character, and never exceeds the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 60, maxLength: 300 }), (value) => {
        const text = dimensionValue(value)!;
        expect(text.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200);
      }),
    );
  });
});
