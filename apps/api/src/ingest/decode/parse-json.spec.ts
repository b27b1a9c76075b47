import fc from 'fast-check';
import { parseJson, parseOutermost, UnparsedEvent } from './parse-json.js';
import { RefusedEvent } from './refused-event.js';

/** Adds white space until the body is large, without changing its value. */
const large = (json: string) => Buffer.from(json + ' '.repeat(140_000));
const open = (value: unknown): unknown => {
  if (value instanceof UnparsedEvent) return value.parse();
  return Array.isArray(value) ? value.map(open) : value;
};
const parseLarge = (json: string, lists: string[] = ['events']) => {
  const value = parseOutermost(large(json), 1000, lists);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return open(value);
  return value instanceof UnparsedEvent
    ? value.parse()
    : Object.fromEntries(Object.entries(value).map(([name, field]) => [name, open(field)]));
};
/** Well above the time of these parses, well below that of JSON.parse. */
const LONG_MS = 250;
/** Measures CPU time, because other processes may be busy. */
function stopwatch(): () => number {
  const begun = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
}
const malformed = expect.objectContaining({ status: 400, code: 'malformed_json' });

describe('parseJson', () => {
  it('parses a large body as a whole when that is fast', () => {
    const list = Array.from({ length: 1000 }, (_, i) => ({ id: `${i}`, payload: { x: 'x'.repeat(5_000) } }));
    expect(parseJson(Buffer.from(JSON.stringify(list)), 1000)).toEqual(list);
    const keys = Array.from({ length: 50_000 }, (_, i) => ({ [`k${i}`]: 1 }));
    expect(() => parseJson(Buffer.from(JSON.stringify(keys)), 1000)).toThrow(
      expect.objectContaining({ code: 'batch_too_large' }),
    );
  });

  it('reads a large list as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 2), (list, spaces) => {
        const json = JSON.stringify(list, null, spaces);
        expect(parseLarge(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: 100 },
    );
  });

  it('reads a large envelope as JSON.parse does', () => {
    const fields = fc.record({
      events: fc.array(fc.jsonValue()),
      'a"\\,:[{': fc.jsonValue(),
      sent_at: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fields, fc.constantFrom(0, 2), (envelope, spaces) => {
        const json = JSON.stringify(envelope, null, spaces);
        expect(parseLarge(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: 100 },
    );
  });

  it('recognizes an envelope whose name is written with escapes', () => {
    expect(parseLarge('{"\\u0065vents":[1,2]}')).toEqual({ events: [1, 2] });
  });

  it('parses the events of a large body only when asked', () => {
    const list = parseOutermost(large('[{"a":1},nonsense]'), 1000) as UnparsedEvent[];
    expect(list[0]!.parse()).toEqual({ a: 1 });
    expect(() => list[1]!.parse()).toThrow(malformed);
  });

  it('reports a malformed body in the same way, large or small', () => {
    const pieces = fc.array(
      fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '"a"', '"events"', '1', 'null', ' ', '\\', 'x', '-'),
      { maxLength: 12 },
    );
    const verdict = (parse: () => unknown) => {
      try {
        return { value: parse() };
      } catch (error) {
        expect(error).toEqual(malformed);
        return 'malformed';
      }
    };
    fc.assert(
      fc.property(pieces, (parts) => {
        const json = parts.join('');
        const small = verdict(() => parseJson(Buffer.from(json), 1000, ['events']));
        const whole = verdict(() => parseLarge(json));
        // A lone object or scalar of that size is too large for an event, and is refused unparsed.
        const isRefusal = typeof whole === 'object' && whole.value instanceof RefusedEvent;
        if (!isRefusal) expect(whole).toEqual(small);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['{"a":1}', '"text"', '17', '{"events":{"a":1}}'])('refuses a large %s as an event', (json) => {
    expect(parseLarge(json)).toMatchObject({ code: 'event_too_large' });
  });

  it('refuses a single event that is too large in a large list', () => {
    const [small, long] = parseLarge(`[{"a":1},{"a":"${'x'.repeat(150_000)}"}]`) as unknown[];
    expect(small).toEqual({ a: 1 });
    expect(long).toMatchObject({ code: 'event_too_large' });
  });

  it('replaces a large list of no events by an empty list', () => {
    expect(parseLarge(`{"events":[1],"agents":[${'1,'.repeat(100_000)}1]}`)).toEqual({
      events: [1],
      agents: [],
    });
  });

  it.each([
    ['[],', '[', '0]'],
    ['{},', '[', '0]'],
    ['[],', '{"events":[', '0]}'],
  ])('stops at the limit of a list of %s in %s', (item, start, end) => {
    const body = Buffer.from(start + item.repeat(1_700_000) + end);
    const took = stopwatch();
    expect(() => parseJson(body, 1000, ['events'])).toThrow(
      expect.objectContaining({ status: 413, code: 'batch_too_large' }),
    );
    expect(took()).toBeLessThan(LONG_MS);
  });

  it.each([
    ['brackets', '['.repeat(5_000_000)],
    ['nested lists', `${'['.repeat(2_500_000)}${']'.repeat(2_500_000)}`],
    ['fields', `{${Array.from({ length: 400_000 }, (_, i) => `"${i}":1`).join()}}`],
    ['a string', `"${'x'.repeat(5_000_000)}"`],
    ['noise', '\xff'.repeat(5_000_000)],
    ['noise in a list', `["${'\xff'.repeat(5_000_000)}"]`],
  ])('is fast on 5 MB of %s', (_what, text) => {
    const body = Buffer.from(text, 'latin1');
    const took = stopwatch();
    try {
      open(parseJson(body, 1000, ['events']));
    } catch (error) {
      expect(error).toEqual(malformed);
    }
    expect(took()).toBeLessThan(LONG_MS);
  });
});
