import { builtInTypes, type RawEvent } from '#catalog';
import { CountableType, createAjv } from '../../event-types/countable-type.js';
import { ALL_SUSPICIONS } from '../../http/input/check-value.js';
import { Fault } from '../../http/input/fault.js';
import { validateEvent } from './validate-event.js';

const ajv = createAjv();
const types = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));
const now = Date.parse('2026-11-22T10:00:00.000Z');
const day = 86_400_000;
const validate = (raw: RawEvent) =>
  validateEvent(raw, {
    now,
    retention: 90 * day,
    suspicions: ALL_SUSPICIONS,
    types,
  });
const at = (ms: number) => new Date(now + ms).toISOString();
const view = (fields: RawEvent) => ({ type: 'page_view', ...fields });

describe('validateEvent', () => {
  it('returns an event ready to be counted', () => {
    const payload = { page: '/', status: 200, bytes: 5, other: [1] };
    expect(
      validate(view({ id: 'a', ts: at(-1), user_id: 'u', session_id: 's', src: 'web', payload })),
    ).toEqual({
      ...{ id: 'a', ts: now - 1, type: 'page_view', userId: 'u', sessionId: 's', src: 'web' },
      payloadJson: JSON.stringify(payload),
      series: {
        type: 'page_view',
        dimensions: { page: '/', status: '200' },
        measures: ['bytes', 'duration_ms'],
      },
      values: [5, Number.NaN],
    });
  });

  it('fills in fields that are absent or null', () => {
    const nulls = { id: null, ts: null, user_id: null, session_id: null, src: null, payload: null };
    for (const raw of [view({}), view(nulls)]) {
      expect(validate(raw)).toMatchObject({
        ts: now,
        userId: null,
        sessionId: null,
        src: null,
        payloadJson: '{}',
      });
    }
    expect(validate(view({}))).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) });
  });

  it.each([
    [{}, 'invalid_event', '/type'],
    [{ type: ['page_view'] }, 'invalid_event', '/type'],
    [view({ payload: [] }), 'invalid_event', '/payload'],
    [view({ payload: 'x' }), 'invalid_event', '/payload'],
    [view({ id: '' }), 'invalid_event', '/id'],
    [view({ id: 7 }), 'invalid_event', '/id'],
    [view({ id: 'x'.repeat(129) }), 'invalid_event', '/id'],
    [view({ user_id: 'x'.repeat(257) }), 'invalid_event', '/user_id'],
    [view({ session_id: {} }), 'invalid_event', '/session_id'],
    [view({ src: false }), 'invalid_event', '/src'],
    [view({ ts: now }), 'invalid_event', '/ts'],
    [view({ ts: '2026-02-30T00:00:00Z' }), 'invalid_event', '/ts'],
    [{ ...view({}), 'a/b': 1 }, 'invalid_event', '/a~1b'],
    [{ ...view({}), constructor: 1 }, 'forbidden_key', '/constructor'],
    [{ type: 'toString' }, 'unknown_type', '/type'],
    [view({ ts: at(day + 1) }), 'ts_out_of_range', '/ts'],
    [view({ ts: at(-90 * day - 1) }), 'ts_out_of_range', '/ts'],
    [view({ id: 'a\0' }), 'invalid_unicode', '/id'],
    [view({ src: '\ud800' }), 'invalid_unicode', '/src'],
    [{ type: 'a\0' }, 'invalid_unicode', '/type'],
    [view({ payload: { status: '200' } }), 'schema_violation', '/payload/status'],
    [{ type: 'command_execution' }, 'schema_violation', '/payload/command_name'],
    [view({ payload: { x: 'x'.repeat(32 * 1024) } }), 'event_too_large', ''],
    [view({ payload: { x: 'é'.repeat(16 * 1024) } }), 'event_too_large', ''],
  ])('refuses %j', (raw, code, path) => {
    const fault = validate(raw as RawEvent);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code, path });
  });

  it.each([
    [view({ ts: at(day) })],
    [view({ ts: at(-90 * day) })],
    [view({ id: 'x'.repeat(128), user_id: 'é'.repeat(256) })],
    [view({ payload: { x: 'x'.repeat(32 * 1024 - '{"x":""}'.length) } })],
    [view({ payload: { x: 'é'.repeat(16 * 1024 - 4) } })],
  ])('accepts values exactly at the limit', (raw) => {
    expect(validate(raw)).not.toBeInstanceOf(Fault);
  });
});
