import fc from 'fast-check';
import { encodeBatch, splitColumns } from './columns.js';
import type { CountableEvent } from './event-batch.js';
import { decodeTextColumn, elementOffsets } from './text-column.js';

const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const event: fc.Arbitrary<CountableEvent> = fc.record({
  id: text,
  ts: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
  type: text,
  userId: fc.option(text),
  sessionId: fc.option(fc.string({ maxLength: 5000, minLength: 4000 })),
  src: fc.option(text),
  payload: fc.constant({}),
  payloadJson: text,
  series: fc.constantFrom(...['x', 'y', 'z'].map((type) => ({ type, dimensions: {}, measures: ['a', 'b'] }))),
  values: fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: 2, maxLength: 2 }),
});

const header = {
  ...{ organizationId: '0199c0de-0000-7000-8000-000000000001', actor: 'key:a', clientAddress: '127.0.0.1' },
  ...{ batchId: 'b', receivedAt: 0 },
};
const epoch2000 = Date.UTC(2000, 0, 1);

describe('encodeBatch', () => {
  it('gives back every value of every event', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const batch = encodeBatch(header, events);
        const columns = splitColumns(batch.columns);
        const read = (name: 'id' | 'type' | 'userId' | 'sessionId' | 'src' | 'payload') =>
          decodeTextColumn(columns[name], batch.count);
        const utf8 = (value: string | null) => (value === null ? null : Buffer.from(value).toString());
        expect(read('id')).toEqual(events.map((e) => utf8(e.id)));
        expect(read('userId')).toEqual(events.map((e) => utf8(e.userId)));
        expect(read('sessionId')).toEqual(events.map((e) => utf8(e.sessionId)));
        expect(read('src')).toEqual(events.map((e) => utf8(e.src)));
        expect(read('payload')).toEqual(events.map((e) => utf8(e.payloadJson)));
        expect(elementOffsets(columns.payload, batch.count).at(-1)).toBe(columns.payload.length);
        events.forEach((e, i) => {
          expect(Number(columns.ts.readBigInt64BE(12 * i + 4) / 1000n) + epoch2000).toBe(e.ts);
          expect(columns.values.readDoubleLE(16 * i)).toBe(e.values[0]);
          const series = batch.series[columns.series.readUInt32LE(4 * i)];
          expect(series).toBe(e.series);
        });
      }),
    );
  });
});
