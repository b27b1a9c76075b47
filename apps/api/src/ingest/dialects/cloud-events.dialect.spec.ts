import fc from 'fast-check';
import { decodeAll, plain } from '../../../../../test/support/ingest-request.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { eventIdOf } from './cloud-event.js';
import { cloudEventsDialect } from './cloud-events.dialect.js';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const required = { specversion: '1.0', id: '1', source: '/shop', type: 'page_view' };
const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 'page_view' };

const structured = (event: unknown) => decodeAll(cloudEventsDialect, event, { contentType: STRUCTURED });
const batch = (events: unknown, maxEvents = 1000) =>
  decodeAll(cloudEventsDialect, events, { contentType: BATCH, maxEvents });
const binary = (body: string | Buffer, contentType: string, more: object = {}) =>
  decodeAll(cloudEventsDialect, '', {
    body: Buffer.from(body),
    contentType,
    headers: { ...headers, ...more },
  })[0]!;
const payloadOf = (candidate: object) => (candidate as { payload?: unknown }).payload;
const refusal = (code: string, path: string) => [expect.objectContaining({ code, path })];

describe('a CloudEvent in structured mode', () => {
  it('is mapped to an event, attribute by attribute', () => {
    const event = {
      ...required,
      time: '2026-11-22T10:00:00.123456Z',
      subject: 'user-1',
      sessionid: 's-1',
      dataschema: 'https://example.org/schema',
      traceparent: '00-1-2-01',
      datacontenttype: 'application/json',
      data: { page: '/' },
    };
    expect(structured(event).map(plain)).toEqual([
      {
        id: '/shop 1',
        ts: '2026-11-22T10:00:00.123456Z',
        type: 'page_view',
        user_id: 'user-1',
        session_id: 's-1',
        src: '/shop',
        payload: { page: '/' },
      },
    ]);
  });

  it('has no ts without a time', () => {
    expect(structured(required)).toMatchObject([{ ts: undefined, user_id: undefined, payload: {} }]);
    expect(structured({ ...required, time: null, subject: null, data: null })).toMatchObject([
      { ts: undefined, user_id: undefined, payload: {} },
    ]);
  });

  it.each(['specversion', 'id', 'source', 'type'])('is refused without %s', (name) => {
    for (const missing of [undefined, null, '', 7]) {
      const [refused] = structured({ ...required, [name]: missing });
      expect(refused).toMatchObject({ code: 'invalid_event', path: `/${name}` });
      expect((refused as RefusedEvent).message).toContain(name);
    }
  });

  it.each(['0.3', '1.0.2', '2.0'])('is refused in version %s', (specversion) => {
    expect(structured({ ...required, specversion })).toEqual(refusal('invalid_event', '/specversion'));
  });

  it.each([
    ['id', 'a\0'],
    ['id', '\ud800'.repeat(200)],
    ['source', '\udc00'],
    ['type', 'a\0'],
  ])('is refused with a malformed %s, even where a digest would hide it', (name, value) => {
    expect(structured({ ...required, [name]: value })).toEqual(refusal('invalid_unicode', `/${name}`));
  });

  it('keeps a source that is too long for src only in its id', () => {
    const source = `/${'x'.repeat(256)}`;
    expect(structured({ ...required, source })).toMatchObject([
      { src: undefined, id: eventIdOf(source, '1') },
    ]);
  });

  it.each([
    ['[1,2]', { data: [1, 2] }],
    ['"text"', { data: 'text' }],
    ['7', { data: 7 }],
    ['false', { data: false }],
    ['{"data":1}', { data: 1 }],
  ])('may have %s as data', (json, payload) => {
    expect(payloadOf(structured({ ...required, data: JSON.parse(json) })[0]!)).toEqual(payload);
  });

  it('may have binary data', () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const dataOf = (event: object) => structured({ ...required, ...event });
    const payload = (event: object) => payloadOf(dataOf(event)[0]!);
    expect(payload({ data_base64: base64('{"a":1}') })).toEqual({ data_base64: base64('{"a":1}') });
    expect(payload({ data_base64: base64('{"a":1}'), datacontenttype: 'application/json; x=y' })).toEqual({
      a: 1,
    });
    expect(payload({ data_base64: base64('é'), datacontenttype: 'Text/Plain' })).toEqual({ data: 'é' });
    expect(payload({ data_base64: 'AP8=', datacontenttype: 'image/png' })).toEqual({ data_base64: 'AP8=' });
    expect(dataOf({ data_base64: base64('{'), datacontenttype: 'application/json' })).toEqual(
      refusal('invalid_event', '/data_base64'),
    );
    for (const data_base64 of ['A', 'AB=C', '*', 7]) {
      expect(dataOf({ data_base64 })).toEqual(refusal('invalid_event', '/data_base64'));
    }
    expect(dataOf({ data_base64: 'AP8=', data: 1 })).toEqual(refusal('invalid_event', '/data_base64'));
    const long = base64('x'.repeat(200_000));
    expect(dataOf({ data_base64: long, datacontenttype: 'text/plain' })).toEqual(
      refusal('event_too_large', ''),
    );
  });

  it('is a single object', () => {
    expect(() => structured([required])).toThrow(
      expect.objectContaining({ status: 400, code: 'invalid_body', message: expect.stringContaining(BATCH) }),
    );
    expect(structured(7)).toEqual(refusal('invalid_event', ''));
    expect(structured({ ...required, datacontenttype: 7 })).toEqual(
      refusal('invalid_event', '/datacontenttype'),
    );
    expect(() => structured('{')).toThrow(expect.objectContaining({ code: 'malformed_json' }));
  });

  it('drops hostile attributes, and leaves hostile data to validation', () => {
    const hostile = JSON.stringify(required).replace('{', '{"__proto__":{"id":"x"},');
    expect(Object.keys(structured(hostile)[0]!)).not.toContain('__proto__');
    const [event] = structured(JSON.stringify(required).replace('{', '{"data":{"__proto__":1},'));
    expect(Object.keys(payloadOf(event!) as object)).toEqual(['__proto__']);
  });
});

describe('a batch of CloudEvents', () => {
  it('reports the invalid events and keeps the valid ones', () => {
    const events = batch([required, { ...required, id: undefined }, 7, { ...required, id: '2' }]);
    expect(events.map((event) => (event instanceof RefusedEvent ? event.path : event.id))).toEqual([
      '/shop 1',
      '/id',
      '',
      '/shop 2',
    ]);
  });

  it('is a non-empty array within the batch limit', () => {
    expect(() => batch(required)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_body' }));
    expect(() => batch([])).toThrow(expect.objectContaining({ status: 400, code: 'no_events' }));
    expect(() => batch([required, required], 1)).toThrow(expect.objectContaining({ status: 413 }));
  });
});

describe('a CloudEvent in binary mode', () => {
  it('has its attributes in headers', () => {
    const more = { 'ce-subject': 'J%C3%B6rg', 'ce-time': '2026-11-22T10:00:00Z', 'ce-sessionid': '"s 1"' };
    expect(plain(binary('{"page":"/"}', 'application/json', more))).toEqual({
      id: '/shop 1',
      ts: '2026-11-22T10:00:00Z',
      type: 'page_view',
      user_id: 'Jörg',
      session_id: 's 1',
      src: '/shop',
      payload: { page: '/' },
    });
  });

  it.each([
    ['application/json', '{"a":1}', { a: 1 }],
    ['', '{"a":1}', { a: 1 }],
    ['text/json', '[1]', { data: [1] }],
    ['application/vnd.shop+json', '"x"', { data: 'x' }],
    ['application/json', 'null', {}],
    ['application/json', '', {}],
    ['text/plain', '{"a":1}', { data: '{"a":1}' }],
    ['application/xml', '<a/>', { data: '<a/>' }],
    ['application/atom+xml', '<a/>', { data: '<a/>' }],
    ['application/octet-stream', 'abc', { data_base64: 'YWJj' }],
    ['image/png', Buffer.from([0, 255]), { data_base64: 'AP8=' }],
  ])('may have data of type %j', (contentType, body, payload) => {
    expect(payloadOf(binary(body, contentType))).toEqual(payload);
  });

  it('is refused with malformed text, malformed JSON or a missing attribute', () => {
    expect(binary('', '', { 'ce-id': '%ED%A0%80' })).toMatchObject({ code: 'invalid_unicode', path: '/id' });
    expect(binary('', '', { 'ce-source': 'a%00' })).toMatchObject({
      code: 'invalid_unicode',
      path: '/source',
    });
    expect(binary('', '', { 'ce-specversion': '0.3' })).toMatchObject({ path: '/specversion' });
    expect(() => binary('{', 'application/json')).toThrow(
      expect.objectContaining({ code: 'malformed_json' }),
    );
    expect(decodeAll(cloudEventsDialect, {})).toEqual(refusal('invalid_event', '/specversion'));
  });

  it('may have any media type except unknown event formats', () => {
    const accepts = (type: string) => cloudEventsDialect.accepts!(type);
    for (const type of ['', 'application/json', 'text/plain', 'image/png', 'application/cloudeventsx+json']) {
      expect([type, accepts(type)]).toEqual([type, type !== 'application/cloudeventsx+json']);
    }
    for (const format of ['xml', 'avro', 'protobuf']) {
      expect(accepts(`application/cloudevents+${format}`)).toBe(false);
      expect(accepts(`application/cloudevents-batch+${format}`)).toBe(false);
    }
  });
});

describe('an error pointer', () => {
  const pathOf = (data: unknown, pointer: string) => {
    const [event] = structured({ ...required, data });
    return cloudEventsDialect.clientPath!(pointer, event as object);
  };

  it('points into the event in the JSON format', () => {
    for (const [native, own] of [
      ['/id', '/id'],
      ['/ts', '/time'],
      ['/user_id', '/subject'],
      ['/session_id', '/sessionid'],
      ['/src', '/source'],
      ['/type', '/type'],
      ['/payload', '/data'],
      ['/payload/page', '/data/page'],
      ['/payload/data/x', '/data/data/x'],
    ] as const) {
      expect([native, pathOf({}, native)]).toEqual([native, own]);
    }
    expect(pathOf([1], '/payload/data/0')).toBe('/data/0');
    expect(pathOf([1], '/payload/page')).toBe('/data/page');
  });
});

describe('the id of an event', () => {
  it('is readable up to 128 characters, and a digest beyond', () => {
    expect(eventIdOf('https://shop.example/a', '4f2')).toBe('https://shop.example/a 4f2');
    expect(eventIdOf('/a', 'x'.repeat(125))).toHaveLength(128);
    expect(eventIdOf('/a', 'x'.repeat(126))).toMatch(/^sha256:[\w-]{43}$/);
  });

  it('is unique for every pair of source and id', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[ab /]{1,4}$/),
      fc.constantFrom('x'.repeat(129), 'x'.repeat(130), 'sha256:', 'sha256: a'),
    );
    fc.assert(
      fc.property(part, part, part, part, (source, id, otherSource, otherId) => {
        const same = source === otherSource && id === otherId;
        expect(eventIdOf(source, id) === eventIdOf(otherSource, otherId)).toBe(same);
        expect(eventIdOf(source, id).length).toBeLessThanOrEqual(128);
      }),
      { numRuns: 2000 },
    );
  });
});
