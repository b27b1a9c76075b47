import { Pool } from 'pg';
import type { Verdict } from '#health';
import { type LedgerFigures, ledgerFigures } from '../reads/ledger.read-model.js';
import { defineCheck } from './define-check.js';
import { reached, verdictOf, when } from './judge.js';

/** Share of the events of an hour. Clients repeat and events are refused now and then, but not every hundredth. */
const DEAD_LETTERED = { warn: 0.01, fail: 0.1 };

/** Pure. */
export function judgeLedger(figures: LedgerFigures): Verdict {
  const { received, dead_lettered, unbalanced } = figures;
  const fine =
    `All batches of the last hour balance: ${received} events received = stored + duplicate + dead-lettered. ` +
    'Rollups are not compared here; `npm run verify` does.';
  return verdictOf(fine, { ...figures }, [
    ...when(
      unbalanced > 0,
      'fail',
      `${unbalanced} batches of the last hour do not balance (received ≠ stored + duplicate + dead-lettered): run ` +
        '`npm run verify`, and see who wrote to the table ledger.',
    ),
    ...reached(
      received === 0 ? 0 : dead_lettered / received,
      DEAD_LETTERED,
      `${dead_lettered} of ${received} events of the last hour were refused by PostgreSQL: see dead_letters for the reason.`,
    ),
  ]);
}

/** Whether what was received in the last hour is accounted for. */
export const ledger = defineCheck({
  name: 'ledger',
  inject: [Pool],
  run: async (_context, pool) => judgeLedger(await ledgerFigures(pool)),
});
