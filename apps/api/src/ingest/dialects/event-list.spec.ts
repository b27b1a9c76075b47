import { listLimit } from './event-list.js';

describe('the limit of a body that holds one event or many', () => {
  const limit = (body: string, envelope?: string) => listLimit(envelope)({ body: Buffer.from(body) });

  it.each(['[]', '[{"type":"a"}]', ' \n[1', '\ufeff[{}]', '{"events":[]}', '{"a":1, "events" : []}'])(
    'is that of batches for %j',
    (body) => expect(limit(body, 'events')).toBe('batch'),
  );

  it.each(['{"type":"a"}', ' {}', '', 'nonsense', '{"type":"events of a kind"}'])(
    'is that of single events for %j',
    (body) => expect(limit(body, 'events')).toBe('single'),
  );

  it('ignores an envelope that the dialect does not have', () => {
    expect(limit('{"events":[]}')).toBe('single');
  });
});
