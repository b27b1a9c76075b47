import { builtInTypes } from '#catalog';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { WINDOW_SECONDS } from '#rollups';
import { ActivityStore } from './activity.store.js';
import { checkDerivedFromDays, checkSessions, checkUserDays } from './check-activity.js';
import { checkLedgerRows, checkReceipts } from './check-ledger.js';
import { checkRollups, checkSeriesLimits } from './check-rollups.js';
import { builtInCountedType } from './counted-type.js';
import { Findings } from './findings.js';
import { KeptDays } from './kept-days.js';
import { LedgerStore } from './ledger.store.js';
import { OwnTypesStore } from './own-types.store.js';
import { RollupStore } from './rollup.store.js';
import { Snapshot } from './snapshot.store.js';

/**
 * Recomputes rollups, sessions, active users and ledger from the raw events and compares them with what is stored.
 * Reads one snapshot, so workers may be busy meanwhile: pending deltas are part of the comparison.
 */
export async function verify(environment = loadEnvironment()): Promise<Findings> {
  const windows = Object.values(WINDOW_SECONDS);
  const pool = createPool({ databaseUrl: environment.DATABASE_URL, role: 'worker', size: 1 });
  const findings = new Findings();
  try {
    await Snapshot.with(pool, async (snapshot) => {
      const kept = new KeptDays(await snapshot.keptDays(), await snapshot.horizons());
      const own = await new OwnTypesStore(snapshot).all();
      const types = [...builtInTypes.map(builtInCountedType), ...own];
      await checkRollups(new RollupStore(snapshot), types, windows, kept, findings);
      await checkSeriesLimits(new RollupStore(snapshot), findings);
      await checkSessions(new ActivityStore(snapshot), builtInTypes, kept, findings);
      await checkUserDays(new ActivityStore(snapshot), kept, findings);
      await checkDerivedFromDays(new ActivityStore(snapshot), findings);
      await checkReceipts(new LedgerStore(snapshot), findings);
      await checkLedgerRows(new LedgerStore(snapshot), findings);
    });
  } finally {
    await pool.end();
  }
  return findings;
}
