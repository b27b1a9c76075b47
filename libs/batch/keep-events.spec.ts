import fc from 'fast-check';
import { encodeBatch } from './encode-batch.js';
import type { BatchHeader, CountableEvent, EncodedBatch, Series } from './event-batch.js';
import { keepEvents } from './keep-events.js';

const header: BatchHeader = {
  organizationId: 'a',
  actor: 'key:a',
  clientAddress: '127.0.0.1',
  batchId: 'b',
  receivedAt: 1_700_000_000_000,
};

const SERIES: readonly Series[] = [
  { type: 'plain', dimensions: {}, measures: [] },
  { type: 'measured', dimensions: { page: '/' }, measures: ['a', 'b'] },
  { type: 'other', dimensions: { page: '/é' }, measures: ['c'], typeRevision: 3 },
];

const event: fc.Arbitrary<CountableEvent> = fc
  .record({
    ts: fc.integer({ min: 1_600_000_000_000, max: 1_800_000_000_000 }),
    id: fc.string(),
    userId: fc.option(fc.string()),
    sessionId: fc.option(fc.string()),
    src: fc.option(fc.string()),
    payloadJson: fc.json(),
    series: fc.constantFrom(...SERIES),
    value: fc.double({ noNaN: true }),
    ends: fc.boolean(),
  })
  .map(({ value, ends, series, ...rest }) => ({
    ...rest,
    type: series.type,
    series,
    values: series.measures.map(() => value),
    ...(ends ? { sessionFact: { ends } } : {}),
  }));

describe('keepEvents', () => {
  it('returns the batch that the kept events alone would encode to', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean()), { maxLength: 30 }), (events) => {
        const whole = encodeBatch(
          header,
          events.map(([one]) => one),
        );
        const alone = encodeBatch(
          header,
          events.flatMap(([one, isKept]) => (isKept ? [one] : [])),
        );
        const kept = keepEvents(whole, (i) => events[i]![1]);
        expect(readable(kept)).toEqual(readable(alone));
      }),
    );
  });
});

const readable = (batch: EncodedBatch) => ({ ...batch, columns: batch.columns.bytes.toString('hex') });
