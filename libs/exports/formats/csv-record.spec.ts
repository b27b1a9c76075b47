import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvRecord } from './csv-record.js';

const hostile = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", 'a', ' ', '𝒳'),
});

describe('csvRecord', () => {
  it('is read back by another parser, with an apostrophe in front of formulas', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 2, maxLength: 6 }), (texts) => {
        const [fields] = parse(csvRecord(texts)) as string[][];
        const harmless = texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
        expect(fields).toEqual(harmless);
      }),
    );
  });

  it('tells missing values from empty text, and leaves numbers alone', () => {
    expect(csvRecord(['', null, -1.5, 'a'])).toBe('"",,-1.5,a\r\n');
  });
});
