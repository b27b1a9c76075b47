import fc from 'fast-check';
import { ALL_SUSPICIONS, checkText, checkValue, suspicionsOf } from './check-value.js';

const check = (json: string) => checkValue(JSON.parse(json), '', suspicionsOf(Buffer.from(json)));

describe('checkValue', () => {
  it.each([
    ['1e999', 'number_out_of_range', ''],
    ['[0,-1e999]', 'number_out_of_range', '/1'],
    ['{"a":{"b":9007199254740992}}', 'number_out_of_range', '/a/b'],
    ['-9007199254740992', 'number_out_of_range', ''],
    ['"\\u0000"', 'invalid_unicode', ''],
    ['["ok","\\ud800x"]', 'invalid_unicode', '/1'],
    ['"\\udc00\\ud800"', 'invalid_unicode', ''],
    ['{"a/b":{"m~n":"\\u0000"}}', 'invalid_unicode', '/a~1b/m~0n'],
    ['{"a":{"\\u0000":1}}', 'invalid_unicode', '/a'],
    ['{"__proto__":1}', 'forbidden_key', '/__proto__'],
    ['[{"constructor":{}}]', 'forbidden_key', '/0/constructor'],
    ['{"x":{"prototype":null}}', 'forbidden_key', '/x/prototype'],
    ['{"\\u005f_proto__":1}', 'forbidden_key', '/__proto__'],
  ])('refuses %s', (json, code, path) => {
    expect(check(json)).toMatchObject({ code, path });
  });

  it.each(['1e308', '9007199254740993', '-1e17'])('suggests an alternative to %s', (json) => {
    expect(check(json)?.message).toBe(
      'numbers from 2^53 on lose digits: send a smaller one, or a string where the field allows it',
    );
  });

  it.each([
    ['9007199254740991'],
    ['0.1'],
    ['-0'],
    ['1e-999'],
    ['null'],
    ['"__proto__"'],
    ['{"proto":1,"constructors":2,"toString":3}'],
    ['"\\ud83d\\ude00"'],
    ['"\\u0001\\uffff\\ufffd"'],
  ])('accepts %s', (json) => {
    expect(check(json)).toBeNull();
  });

  const nested = (levels: number, [open, close]: readonly [string, string]) =>
    `${open.repeat(levels)}0${close.repeat(levels)}`;
  it.each([
    ['arrays', ['[', ']']],
    ['objects', ['{"a":', '}']],
  ] as const)('accepts at most 32 levels of %s', (_what, brackets) => {
    expect(check(nested(32, brackets))).toBeNull();
    expect(check(nested(33, brackets))).toMatchObject({ code: 'too_deep' });
    expect(check(nested(50_000, brackets))).toMatchObject({ code: 'too_deep' });
  });

  it('finds the same faults when it scans the bytes first', () => {
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const parsed = JSON.parse(bytes.toString());
        expect(checkValue(parsed, '', suspicionsOf(bytes))?.code).toBe(
          checkValue(parsed, '', ALL_SUSPICIONS)?.code,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('suspicionsOf', () => {
  it.each([
    ['{"a":"b"}', false],
    ['{"a":"é😀\ufffd"}', false],
    ['{"a":"\\u0041"}', true],
  ])('of %s: %p', (text, unicode) => {
    expect(suspicionsOf(Buffer.from(text))).toEqual({ unicode });
  });

  it('suspects bytes that are not UTF-8', () => {
    expect(suspicionsOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toEqual({ unicode: true });
  });
});

describe('checkText', () => {
  it('accepts exactly the text that UTF-8 and PostgreSQL can store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const holds = Buffer.from(text).toString() === text && !text.includes('\0');
        expect(checkText(text, '') === null).toBe(holds);
      }),
      { numRuns: 2_000 },
    );
  });
});
