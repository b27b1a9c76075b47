import fc from 'fast-check';
import { decodeText } from './decode-text.js';

const bytes = (...values: number[]) => Buffer.from(values);

describe('decodeText', () => {
  it('reads UTF-8 unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it('drops one leading byte order mark', () => {
    expect(decodeText(Buffer.from('\ufeffa\ufeff'))).toBe('a\ufeff');
    expect(decodeText(bytes(0xef, 0xbb))).not.toBe('');
    expect(decodeText(Buffer.alloc(0))).toBe('');
  });

  it.each([
    ['a stray byte', bytes(0x61, 0xff, 0x62), 'a\ud800b'],
    ['an encoded surrogate', bytes(0xed, 0xa0, 0x80), '\ud800\ud800\ud800'],
    ['an overlong NUL', bytes(0xc0, 0x80), '\ud800\ud800'],
    ['a sequence cut short', bytes(0x61, 0xe2, 0x82), 'a\ud800'],
    [
      'a real U+FFFD beside it',
      Buffer.concat([Buffer.from('\ufffd'), bytes(0xff), Buffer.from('\ufffd')]),
      '\ufffd\ud800\ufffd',
    ],
  ])('marks %s', (_what, input, expected) => {
    expect(decodeText(input)).toBe(expected);
  });

  it('marks every invalid byte sequence, and keeps every real U+FFFD', () => {
    const parts = fc.array(fc.constantFrom([0xef, 0xbf, 0xbd], [0xe2], [0xff], [0x41], [0xc3, 0xa9], [0x80]));
    fc.assert(
      fc.property(parts, (list) => {
        const input = Buffer.from(list.flat());
        const plain = input.toString('utf8');
        const sent = list.filter(([byte]) => byte === 0xef).length;
        expect(decodeText(input).replaceAll('\ud800', '\ufffd')).toBe(plain);
        expect(decodeText(input).split('\ufffd')).toHaveLength(sent + 1);
      }),
    );
  });
});
