import { newEventId } from './new-event-id.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('newEventId', () => {
  it('begins with the instant, as in the example of RFC 9562', () => {
    const id = newEventId(Date.UTC(2022, 1, 22, 19, 22, 22));
    expect(id).toMatch(UUID_V7);
    expect(id).toMatch(/^017f22e2-79b0-7/);
  });

  it('sorts by instant and never repeats', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => newEventId(1_000 * i));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => newEventId(0))).size).toBe(1000);
  });
});
