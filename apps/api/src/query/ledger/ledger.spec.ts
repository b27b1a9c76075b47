import { mergeLedger } from './ledger.js';
import type { QueuedBatch } from './queued-batches.js';

const batch = (batchId: string, count: number, erased?: number): QueuedBatch => ({
  ...{ organizationId: 'o', actor: 'key:a', clientAddress: '::1', batchId, receivedAt: 60_000, count },
  ...(erased === undefined ? {} : { erased }),
});
const stored = { minute: new Date(60_000), received: 3, stored: 2, duplicate: 1, dead_lettered: 0 };

describe('mergeLedger', () => {
  it('adds each queued batch once, and the events erased from the queues', () => {
    const merged = mergeLedger(
      [stored],
      [batch('under way', 5), batch('settled', 7), batch('dead', 3)],
      [batch('dead', 3), batch('of an erased person', 2, 4)],
      new Set(['settled']),
    );
    expect(merged).toEqual([{ ...stored, received: 3 + 5 + 3 + 6, dead_lettered: 3 + 6, in_flight: 5 }]);
  });

  it('adds a minute for a queued batch without stored rows', () => {
    expect(mergeLedger([], [batch('a', 1)], [], new Set())).toEqual([
      { minute: new Date(60_000), received: 1, stored: 0, duplicate: 0, dead_lettered: 0, in_flight: 1 },
    ]);
  });
});
