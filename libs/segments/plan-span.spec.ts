import { blocksOf, type NearbyBlock, type PendingSpan, planSpan } from './plan-span.js';

const at = (minute: number) => ({ ts: new Date(Date.UTC(2026, 0, 1, 0, minute)), id: 'a' });

/** 100 events a minute, 100 bytes each. */
const span = (from: number, to: number) => {
  const events = (to - from) * 100;
  return { first: at(from), last: at(to), events, payloadBytes: events * 100 };
};
const rows = (from: number, to: number, isRest = true): PendingSpan => ({ ...span(from, to), isRest });
const block = (place: NearbyBlock['place'], from: number, to: number, endsBefore = false): NearbyBlock => ({
  ...span(from, to),
  place,
  endsBefore,
});

const MEGABYTE = 1024 * 1024;

describe('planSpan', () => {
  it('takes the rows alone when blocks next to them are large', () => {
    expect(planSpan(rows(40, 50), [block('before', 0, 40, true), block('after', 60, 100)])).toEqual(
      span(40, 50),
    );
  });

  it('adds the events of blocks among the rows, and keeps the ends of the rows', () => {
    const planned = planSpan(rows(10, 60), [block('overlapping', 0, 40, true), block('overlapping', 50, 90)]);
    expect(planned).toMatchObject({ first: at(10), last: at(60), events: 13_000, payloadBytes: 1_300_000 });
  });

  it('reaches back to a small block, and on to one when no rows lie between', () => {
    const small = [block('before', 0, 5, true), block('after', 20, 25)];
    expect(planSpan(rows(10, 12), small)).toMatchObject({ first: at(0), last: at(25), events: 1200 });
    expect(planSpan(rows(10, 12, false), small)).toMatchObject({ first: at(0), last: at(12), events: 700 });
  });

  it('leaves a block of few but large payloads alone', () => {
    const large = { ...block('before', 0, 5, true), payloadBytes: 3 * MEGABYTE };
    expect(planSpan(rows(10, 12), [large])).toEqual(span(10, 12));
  });

  it('opens five blocks at most, and ends with the fifth', () => {
    const blocks = [0, 1, 2, 3, 4, 5].map((i) => block('overlapping', i * 10, i * 10 + 9, true));
    expect(planSpan(rows(0, 70), blocks)).toMatchObject({
      first: at(0),
      last: at(49),
      events: 7000 + 5 * 900,
    });
    const reaching = blocks.map((one, i) => (i === 4 ? { ...one, endsBefore: false } : one));
    expect(planSpan(rows(0, 45), reaching).last).toEqual(at(45));
  });
});

describe('blocksOf', () => {
  it.each([
    [1, 10, { byNumber: 1, bySize: 1 }],
    [0, 0, { byNumber: 1, bySize: 1 }],
    [4000, 4 * MEGABYTE, { byNumber: 1, bySize: 1 }],
    [4001, 10, { byNumber: 2, bySize: 1 }],
    [10, 4 * MEGABYTE + 1, { byNumber: 1, bySize: 2 }],
    [20_000, 32 * MEGABYTE, { byNumber: 5, bySize: 8 }],
  ])('divides %d events with %d bytes', (events, payloadBytes, blocks) => {
    expect(blocksOf({ events, payloadBytes })).toEqual(blocks);
  });
});
