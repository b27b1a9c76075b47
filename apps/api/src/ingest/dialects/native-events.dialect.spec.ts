import { decodeAll } from '../../../../../test/support/ingest-request.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { nativeEventsDialect } from './native-events.dialect.js';

const view = { type: 'page_view', user_id: 'u1', payload: { page: '/' } };
const decode = (body: unknown) => decodeAll(nativeEventsDialect, body);
const decodeLines = (body: string, maxEvents = 1000) =>
  decodeAll(nativeEventsDialect, body, { contentType: 'application/x-ndjson', maxEvents });

describe('POST /v1/events', () => {
  it.each([
    ['one event', view, [view]],
    ['an array', [view, view], [view, view]],
    ['an envelope', { events: [view], sent_at: 'x' }, [view]],
  ])('accepts %s', (_what, body, expected) => {
    expect(decode(body)).toEqual(expected);
  });

  it.each([['[]'], ['{"events":[]}']])('refuses %s as empty', (body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ status: 400, code: 'no_events' }));
  });

  it('refuses malformed JSON, and an envelope without an array', () => {
    expect(() => decode('{')).toThrow(expect.objectContaining({ status: 400, code: 'malformed_json' }));
    expect(() => decode({ events: 3 })).toThrow(
      expect.objectContaining({ status: 400, code: 'invalid_body' }),
    );
  });

  it('refuses more events than allowed', () => {
    expect(() => decode(Array(1001).fill(view))).toThrow(
      expect.objectContaining({ status: 413, code: 'batch_too_large' }),
    );
  });

  it('refuses each candidate that is not an object', () => {
    const [first, ...others] = decode([view, 1, null, [], 'x']);
    expect(first).toEqual(view);
    expect(others).toEqual(Array(4).fill(new RefusedEvent('invalid_event', '', 'expected an object')));
  });

  it('leaves hostile keys to the validator', () => {
    const [event] = decode('{"type":"page_view","__proto__":{"x":1},"payload":{"__proto__":{"y":1}}}');
    expect(Object.keys(event as object)).toContain('__proto__');
    expect(Object.keys((event as { payload: object }).payload)).toEqual(['__proto__']);
  });
});

describe('POST /v1/events as NDJSON', () => {
  it('reads one event per line and skips blank lines', () => {
    const line = JSON.stringify(view);
    expect(decodeLines(`${line}\r\n\n  \n${line}`)).toEqual([view, view]);
  });

  it('refuses an invalid line alone', () => {
    const [bad, good, number] = decodeLines(`{"type":\n${JSON.stringify(view)}\n7\n`);
    expect(bad).toMatchObject({
      code: 'invalid_event',
      path: '',
      message: expect.stringContaining('line 1'),
    });
    expect(good).toEqual(view);
    expect(number).toEqual(new RefusedEvent('invalid_event', '', 'expected an object'));
  });

  it.each(['', '\n', ' \n\n '])('refuses an empty body %j', (body) => {
    expect(() => decodeLines(body)).toThrow(expect.objectContaining({ status: 400, code: 'no_events' }));
  });

  it('stops parsing at the limit, so that millions of invalid lines are cheap', () => {
    const started = performance.now();
    expect(() => decodeLines('x\n'.repeat(2_500_000))).toThrow(
      expect.objectContaining({ status: 413, code: 'batch_too_large' }),
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('accepts exactly as many events as allowed', () => {
    expect(decodeLines('{}\n{}\n\n', 2)).toEqual([{}, {}]);
  });
});
