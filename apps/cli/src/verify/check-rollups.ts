import type { EventType } from '#catalog';
import { canonicalJson, Measurement, Sketch } from '#rollups';
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
  types: readonly EventType[],
  windows: readonly number[],
  kept: KeptDays,
  findings: Findings,
): Promise<void> {
  const events = await store.eventsByDay();
  const present = new Set([...events.keys(), ...(await store.countedTypes())]);
  for (const type of types) {
    if (!present.delete(type.name)) continue;
    const pending = await pendingRollups(store, type.name, windows);
    for (const range of kept.ranges((day) => events.get(type.name)?.get(day) ?? 0, EVENTS_AT_ONCE)) {
      for await (const pair of store.pairs(type, range, windows)) {
        checkPair(type.name, pair, pending, findings);
      }
    }
    for (const row of pending.values()) {
      if (kept.has(row.bucket * 1000)) checkPair(type.name, pairOf(row), pending, findings);
    }
  }
  for (const name of present) findings.note(`${name} is not in the catalog: its rollups were not checked`);
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
