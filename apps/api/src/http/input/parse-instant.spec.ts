import fc from 'fast-check';
import { parseInstant } from './parse-instant.js';

const iso = (text: string) => {
  const instant = parseInstant(text);
  return instant === null ? null : new Date(instant).toISOString();
};

describe('parseInstant', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.1Z', '2026-01-31T12:00:00.100Z'],
    ['2026-01-31T12:00:00.123999999Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+05:30', '2026-01-31T06:30:00.000Z'],
    ['2026-01-31T00:30:00+01:00', '2026-01-30T23:30:00.000Z'],
    ['2026-01-31T23:30:00-01:00', '2026-02-01T00:30:00.000Z'],
    ['2026-01-31T12:00:00-00:00', '2026-01-31T12:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    ['2026-06-30T23:59:60Z', '2026-06-30T23:59:59.999Z'],
    ['2026-06-30T23:59:60.500Z', '2026-06-30T23:59:59.999Z'],
    ['2026-07-01T01:59:60+02:00', '2026-06-30T23:59:59.999Z'],
  ])('reads the leap second %s as the end of the second before', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    ['2026-02-30T00:00:00Z'],
    ['2026-02-29T00:00:00Z'],
    ['1900-02-29T00:00:00Z'],
    ['2026-04-31T00:00:00Z'],
    ['2026-13-01T00:00:00Z'],
    ['2026-00-01T00:00:00Z'],
    ['2026-01-00T00:00:00Z'],
    ['2026-01-31T24:00:00Z'],
    ['2026-01-31T24:00:00.000Z'],
    ['2026-01-31T12:60:00Z'],
    ['2026-01-31T12:00:61Z'],
    ['2026-01-31T12:00:00'],
    ['2026-01-31T12:00Z'],
    ['2026-01-31'],
    ['2026-01-31T12:00:00+24:00'],
    ['2026-01-31T12:00:00+01:60'],
    ['2026-01-31T12:00:00+0100'],
    ['2026-01-31T12:00:00.Z'],
    ['2026-01-31T12:00:00,5Z'],
    [' 2026-01-31T12:00:00Z'],
    ['2026-01-31T12:00:00Z\n'],
    ['+002026-01-31T12:00:00Z'],
    ['２０２６-01-31T12:00:00Z'],
    ['1769860800000'],
    ['now'],
    [''],
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('caches no wrong day after an invalid text for the same day', () => {
    for (const odd of ['2026-03-07T24:00:00.000Z', '2026-03-07T23:59:60.00Z0', '2026-03-07T00:00:00.0000Z']) {
      parseInstant(odd);
      expect(iso('2026-03-07T10:00:00.000Z')).toBe('2026-03-07T10:00:00.000Z');
    }
  });

  const instants = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  it('reads every instant, whatever it parsed before', () => {
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1, maxLength: 5 }), (dates) => {
        // Each twice: the first parse of a day takes the slow path, the second the fast one.
        for (const date of [...dates, ...dates]) {
          expect(parseInstant(date.toISOString())).toBe(date.getTime());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('returns the same on the fast and the slow path for nearly valid texts', () => {
    const day = '2026-05-05';
    const digits = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    const separator = (usual: string) => fc.constantFrom(usual, usual, usual, usual, 'x', ' ', '0');
    const texts = fc
      .tuple(digits(30), separator(':'), digits(70), separator(':'), digits(70), separator('.'))
      .map(([h, a, m, b, s, c]) => `${day}T${h}${a}${m}${b}${s}${c}123Z`);
    fc.assert(
      fc.property(texts, (text) => {
        parseInstant('1999-01-01T00:00:00.000Z');
        const long = parseInstant(text);
        parseInstant(`${day}T00:00:00.000Z`);
        expect(parseInstant(text)).toBe(long);
      }),
      { numRuns: 5_000 },
    );
  });
});
