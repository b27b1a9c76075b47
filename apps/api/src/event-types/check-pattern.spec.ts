import fc from 'fast-check';
import { checkPattern } from './check-pattern.js';

describe('checkPattern', () => {
  it.each([
    ['^(a+)+$'],
    ['^(a|aa)+$'],
    ['(a|aa)+$'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$'],
    ['(.*a){20}'],
    ['^(.*a){20}$'],
    ['^a*a*$'],
    ['^.*.*=.*$'],
    ['^(a?){30}a{30}$'],
    [
      '^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    ],
    ['^(\\w+\\s?)*$'],
    ['^(?:a*b?)*$'],
    ['^[^x]*\\p{L}+$'],
    ['^[^\\p{L}]*\\s*$'],
    ['^(?=a)a$'],
    ['^(a)\\1$'],
    ['^a\\b$'],
    ['^a|b$'],
    ['^a{1,100000}$'],
    ['a$'],
    ['^('],
    [`^${'a'.repeat(256)}$`],
  ])('refuses %s', (pattern) => {
    expect(checkPattern(pattern)).toEqual(expect.any(String));
  });

  it.each([
    ['^$'],
    ['^[a-z0-9-]+$'],
    ['^[A-Z]{2}\\d{3,9}$'],
    ['^\\d{4}-\\d{2}-\\d{2}$'],
    ['^[a-z]+(?:-[a-z]+)*$'],
    ['^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-[0-9a-z]+)?$'],
    ['^[^@\\s]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+$'],
    ['^https?://'],
    ['^(?:red|green|blue)$'],
    ['^\\p{Lu}.*$'],
    ['^(?:ab){3}c?$'],
  ])('accepts %s', (pattern) => {
    expect(checkPattern(pattern)).toBeNull();
  });

  /** Small expressions over few letters, so that ambiguous parts are likely. */
  const expressions = fc.letrec<{ part: string; sequence: string }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '\\w', '\\W', 'c'),
      tie('sequence').map((inner) => `(?:${inner})`),
      fc.tuple(tie('sequence'), tie('sequence')).map(([one, other]) => `(?:${one}|${other})`),
      fc
        .tuple(tie('part'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
        .map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
    ),
    sequence: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
  })).sequence;

  it('accepts only patterns that match in linear time', () => {
    const words = ['a', 'b', 'ab', 'aab', 'c', 'a!'];
    let accepted = 0;
    fc.assert(
      fc.property(expressions, (expression) => {
        const pattern = `^${expression}$`;
        if (checkPattern(pattern) !== null) return;
        accepted++;
        const compiled = new RegExp(pattern, 'u');
        for (const word of words) {
          const text = `${word.repeat(20_000)}!`;
          const begun = performance.now();
          compiled.test(text);
          expect([pattern, performance.now() - begun < 150]).toEqual([pattern, true]);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});
