import { checkPair, pairOf } from './check-pair.js';
import type { CountedType } from './counted-type.js';
import { deltaRollups } from './delta-rollups.js';
import type { Findings } from './findings.js';
import type { KeptDays } from './kept-days.js';
import type { RollupStore } from './rollup.store.js';

/** Events per query; bounds how much PostgreSQL sorts at once. */
const EVENTS_AT_ONCE = 500_000;

/** Compares every rollup of the kept days with its events. */
export async function checkRollups(
  store: RollupStore,
  types: readonly CountedType[],
  windows: readonly number[],
  kept: KeptDays,
  findings: Findings,
): Promise<void> {
  const present = await presentTypes(store, types);
  for (const type of types) {
    const key = keyOf(type.organizationId, type.name);
    const days = present.get(key);
    if (!days) continue;
    present.delete(key);
    const around = {
      pending: await deltaRollups(store.deltas(type), type, windows),
      erased: await deltaRollups(store.erasedDeltas(type), type, windows),
    };
    for (const range of kept.ranges((day) => days.get(day) ?? 0, EVENTS_AT_ONCE)) {
      for await (const pair of store.pairs(type, range, windows)) {
        if (!kept.has(pair.organization_id, pair.bucket * 1000)) continue;
        checkPair(type.name, pair, around, findings);
      }
    }
    for (const row of [...around.pending.values(), ...around.erased.values()]) {
      if (kept.has(row.organizationId, row.bucket * 1000))
        checkPair(type.name, pairOf(row), around, findings);
    }
  }
  for await (const { organization_id, day, rollups } of store.rollupsByDay()) {
    if (kept.has(organization_id, Date.parse(day))) continue;
    findings.count('rollups older than the kept days (not compared)', rollups);
  }
  for (const key of present.keys())
    findings.note(`${key} is not in the catalog: its rollups were not checked`);
}

/** Compares the number of admitted series with `series_counts` and with the limit. */
export async function checkSeriesLimits(store: RollupStore, findings: Findings): Promise<void> {
  for await (const { organization_id, type, day, series, max_series, admitted } of store.miscountedSeries()) {
    const place = `series ${organization_id} ${type} ${day}`;
    findings.compare(place, { counted_apart: admitted }, { counted_apart: series });
    if (series !== null && series > max_series!) {
      findings.differ(place, 'counted_apart', `at most ${max_series}`, series);
    }
  }
}

/** Key of a type: its name, for an organization's own type with the organization. */
const keyOf = (organizationId: string | null, name: string) =>
  organizationId === null ? name : `${organizationId} ${name}`;

/** Every type with events or rollups, and its number of events by day. */
async function presentTypes(store: RollupStore, types: readonly CountedType[]) {
  const builtIn = new Set(types.flatMap((type) => (type.organizationId === null ? [type.name] : [])));
  const present = new Map<string, Map<string, number>>();
  const daysOf = (organizationId: string, type: string) => {
    const key = keyOf(builtIn.has(type) ? null : organizationId, type);
    const days = present.get(key) ?? new Map<string, number>();
    present.set(key, days);
    return days;
  };
  for await (const { organization_id, type } of store.countedTypes()) daysOf(organization_id, type);
  for await (const { organization_id, type, day, events } of store.eventsByDay()) {
    const days = daysOf(organization_id, type);
    days.set(day, (days.get(day) ?? 0) + events);
  }
  return present;
}
