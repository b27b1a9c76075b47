import fc from 'fast-check';
import { decodeAttribute } from './cloud-event-attribute.js';

/** The HTTP binding encodes all but printable ASCII, and spaces, quotes and percent signs. */
const encode = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

describe('decodeAttribute', () => {
  it.each([
    ['plain text', 'page_view', 'page_view'],
    ['the example of the specification', 'Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['lower-case digits', '%c3%a9', 'é'],
    ['a double encoding, decoded once', '%2525', '%25'],
    ['a quoted value', '"a \\"b\\" \\\\c %C3%A9"', 'a "b" \\c é'],
    ['a lone quote', '"', '"'],
    ['an unencoded percent sign', '100% or %zz', '100% or %zz'],
    ['unencoded UTF-8', latin1('é😀'), 'é😀'],
    ['unencoded Latin-1', 'caf\xe9', 'café'],
    ['a byte order mark', '%EF%BB%BFa', '\ufeffa'],
    ['a NUL, for validation to refuse', 'a%00b', 'a\0b'],
  ])('reads %s', (_what, value, expected) => {
    expect(decodeAttribute(value)).toBe(expected);
  });

  it.each(['%ED%A0%80', '%FF', 'a%C3', '%C0%80'])('decodes %s to a refused lone surrogate', (value) => {
    expect(decodeAttribute(value).isWellFormed()).toBe(false);
  });

  it('decodes any encoded text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeAttribute(encode(text))).toBe(text);
      }),
    );
  });
});
