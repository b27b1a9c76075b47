import { canonicalJson, Measurement, Sketch } from '#rollups';
import type { CountedType } from './counted-type.js';
import { type Findings, isSameSum } from './findings.js';
import type { KeptDays } from './kept-days.js';
import { type PendingRow, pendingRollups, rollupKey } from './pending-rollups.js';
import { QUANTILES, type RollupPair, type RollupStore } from './rollup.store.js';

/** Events recomputed by one query; bounds what PostgreSQL sorts at once. */
const EVENTS_AT_ONCE = 500_000;
/** Relative error that is promised for percentiles. */
const ACCURACY = 0.01;
/** Magnitudes under this count as zero in a sketch. */
const ZERO = 1e-9;

/** Compares every rollup of the kept days with what its events add up to. */
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
    const pending = await pendingRollups(store, type, windows);
    for (const range of kept.ranges((day) => days.get(day) ?? 0, EVENTS_AT_ONCE)) {
      for await (const pair of store.pairs(type, range, windows)) {
        checkPair(type.name, pair, pending, findings);
      }
    }
    for (const row of pending.values()) {
      if (kept.has(row.bucket * 1000)) checkPair(type.name, pairOf(row), pending, findings);
    }
  }
  for (const key of present.keys())
    findings.note(`${key} is not in the catalog: its rollups were not checked`);
}

/** Compares how many series are counted apart with what is said of them, and with their limit. */
export async function checkSeriesLimits(store: RollupStore, findings: Findings): Promise<void> {
  for await (const { organization_id, type, day, series, max_series, admitted } of store.miscountedSeries()) {
    const place = `series ${organization_id} ${type} ${day}`;
    findings.compare(place, { counted_apart: admitted }, { counted_apart: series });
    if (series !== null && series > max_series!) {
      findings.differ(place, 'counted_apart', `at most ${max_series}`, series);
    }
  }
}

/** Built-in types go by their name, an organization's own by the organization and the name. */
const keyOf = (organizationId: string | null, name: string) =>
  organizationId === null ? name : `${organizationId} ${name}`;

/** Every type that there are events or rollups of, with its events by day. */
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

function checkPair(
  type: string,
  pair: RollupPair,
  pending: Map<string, PendingRow>,
  findings: Findings,
): void {
  findings.count('rollups');
  const dimensions = canonicalJson(pair.dimensions);
  const place = {
    organizationId: pair.organization_id,
    measure: pair.measure,
    windowSeconds: pair.window_seconds,
    bucket: pair.bucket,
    dimensions,
  };
  const key = rollupKey(place);
  const delta = pending.get(key);
  pending.delete(key);
  const name =
    `rollup ${pair.organization_id} ${type}${pair.measure && `.${pair.measure}`} ${pair.window_seconds} s ` +
    `${new Date(pair.bucket * 1000).toISOString()} ${dimensions}`;
  const isThere = pair.count !== null || delta !== undefined;
  if (!isThere || pair.expected_count === null) {
    findings.compare(name, countOf(pair.expected_count), isThere ? countOf(standing(pair, delta)) : null);
    return;
  }
  findings.compare(name, countOf(pair.expected_count), countOf(standing(pair, delta)));
  if (pair.measure) checkMeasurement(name, pair, measurementOf(pair, delta), findings);
}

const countOf = (count: number | null) => (count === null ? null : { count });

const standing = ({ count }: RollupPair, delta: PendingRow | undefined) => (count ?? 0) + (delta?.count ?? 0);

/** What stands, with what is on its way. */
function measurementOf(
  { count, sum, min, max, sketch }: RollupPair,
  delta: PendingRow | undefined,
): Measurement {
  const whole =
    count === null ? new Measurement() : new Measurement(count, sum!, min!, max!, Sketch.decode(sketch!));
  if (delta?.measurement) whole.merge(delta.measurement);
  return whole;
}

function checkMeasurement(name: string, pair: RollupPair, found: Measurement, findings: Findings): void {
  if (!isSameSum(pair.expected_sum!, found.sum, pair.magnitude!)) {
    findings.differ(name, 'sum', pair.expected_sum, found.sum);
  }
  findings.compare(
    name,
    { min: pair.expected_min, max: pair.expected_max, 'values in the sketch': pair.expected_count },
    { min: found.min, max: found.max, 'values in the sketch': found.sketch.count },
  );
  QUANTILES.forEach((q, i) => {
    const exact = pair.quantiles![i]!;
    const estimate = found.sketch.quantile(q, found.min, found.max) ?? Number.NaN;
    if (Math.abs(estimate - exact) <= ACCURACY * Math.abs(exact) + ZERO) return;
    findings.differ(name, `p${q * 100}`, exact, estimate);
  });
}

/** A delta whose row neither stands nor should. */
const pairOf = (row: PendingRow): RollupPair => ({
  organization_id: row.organizationId,
  measure: row.measure,
  window_seconds: row.windowSeconds,
  bucket: row.bucket,
  dimensions: JSON.parse(row.dimensions),
  expected_count: null,
  expected_sum: null,
  magnitude: null,
  expected_min: null,
  expected_max: null,
  quantiles: null,
  count: null,
  sum: null,
  min: null,
  max: null,
  sketch: null,
});
