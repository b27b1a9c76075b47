import { count, described, flag, instant, listOf, record } from '../../http/openapi/schema.js';
import type { LedgerEntry } from './ledger.js';

const entrySchema = record<LedgerEntry>('LedgerEntry', {
  minute: instant,
  received: count,
  stored: count,
  duplicate: count,
  dead_lettered: count,
  in_flight: count,
});

/** The ledger in API responses. */
export const ledgerSchema = record<{
  from: Date;
  to: Date;
  data: readonly LedgerEntry[];
  in_flight_complete: boolean;
  next_cursor: null;
}>('Ledger', {
  from: instant,
  to: instant,
  data: listOf(entrySchema),
  in_flight_complete: described(flag, 'False when the queues contain more batches than were read.'),
  next_cursor: { type: 'null' },
});
