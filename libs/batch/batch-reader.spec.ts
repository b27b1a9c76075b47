import fc from 'fast-check';
import { BatchReader } from './batch-reader.js';
import { encodeBatch } from './encode-batch.js';
import type { BatchHeader, CountableEvent } from './event-batch.js';
import { encodeTextColumn } from './text-column.js';

const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const event: fc.Arbitrary<CountableEvent> = fc.record({
  id: text,
  ts: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
  type: text,
  userId: fc.option(text),
  sessionId: fc.option(fc.string({ maxLength: 5000, minLength: 4000 })),
  src: fc.option(text),
  payloadJson: text,
  series: fc.constantFrom(...['x', 'y', 'z'].map((type) => ({ type, dimensions: {}, measures: ['a', 'b'] }))),
  values: fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: 2, maxLength: 2 }),
});
const events = fc.array(event, { maxLength: 20 });

const header: BatchHeader = {
  organizationId: '0199c0de-0000-7000-8000-000000000001',
  actor: 'key:a',
  clientAddress: '127.0.0.1',
  batchId: 'b',
  receivedAt: 0,
};
/** A string as UTF-8 holds it: without lone surrogates. */
const utf8 = (value: string | null) => (value === null ? null : Buffer.from(value).toString());

describe('BatchReader', () => {
  it('reads every value that was encoded', () => {
    fc.assert(
      fc.property(events, (list) => {
        const batch = encodeBatch(header, list);
        const reader = new BatchReader(batch);
        for (const [column, field] of [
          ...(['id', 'type', 'userId', 'sessionId', 'src'] as const).map((name) => [name, name] as const),
          ['payload', 'payloadJson'] as const,
        ]) {
          expect(reader.strings(column)).toEqual(list.map((e) => utf8(e[field])));
        }
        expect([...reader.instants()]).toEqual(list.map((e) => e.ts));
        expect([...reader.values()]).toEqual(list.flatMap((e) => e.values));
        expect(Array.from(reader.seriesIndexes(), (index) => batch.series[index])).toEqual(
          list.map((e) => e.series),
        );
      }),
    );
  });

  it('returns the array elements of chosen events, adjacent ones in one piece', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.boolean()), (list, choice) => {
        const chosen = list.map((_, i) => i).filter(() => choice.next().value);
        const pieces = new BatchReader(encodeBatch(header, list)).elements('src', chosen);
        expect(Buffer.concat(pieces)).toEqual(encodeTextColumn(chosen.map((i) => list[i]!.src)));
        const gaps = chosen.filter((i, n) => n > 0 && chosen[n - 1] !== i - 1).length;
        expect(pieces.length).toBeLessThanOrEqual(gaps + 1);
      }),
    );
  });

  it('distinguishes events by organization, instant and id', () => {
    const same = { ...fc.sample(event, 1)[0]!, id: 'same', ts: 1 };
    const list = [same, { ...same, userId: 'other' }, { ...same, ts: 2 }, { ...same, id: 'other' }];
    const reader = new BatchReader(encodeBatch(header, list));
    const foreign = new BatchReader(encodeBatch({ ...header, organizationId: 'other' }, [same]));
    const distinct = (hashes: Uint32Array, others: Uint32Array) => new Set([...hashes, ...others]).size;
    expect(new Set([...reader.identities([0, 1, 2, 3]), ...foreign.identities([0])]).size).toBe(4);
    expect(distinct(reader.identityHashes().h1, foreign.identityHashes().h1)).toBe(4);
    expect(distinct(reader.identityHashes().h2, foreign.identityHashes().h2)).toBe(4);
    expect(reader.identityHashes().h1).not.toEqual(reader.identityHashes().h2);
  });

  it('reads nothing once the columns are released', () => {
    const batch = encodeBatch(header, fc.sample(event, 3));
    const reader = new BatchReader(batch);
    batch.columns.release();
    for (const read of [
      () => reader.instants(),
      () => reader.strings('id'),
      () => reader.elements('id', [0, 1, 2]),
      () => reader.identityHashes(),
    ]) {
      expect(read).toThrow('released');
    }
  });
});
