import { canonicalJson, Measurement, Sketch } from '#rollups';
import { type DeltaRow, type DeltaRows, rollupKey } from './delta-rollups.js';
import { type Findings, isSameSum } from './findings.js';
import { QUANTILES, type RollupPair } from './rollup.store.js';

/** Promised relative error of percentiles. */
const ACCURACY = 0.01;
/** A sketch counts smaller magnitudes as zero. */
const ZERO = 1e-9;

/** Deltas that explain a difference between a rollup and its events. */
export interface OffsettingDeltas {
  /** Not folded in yet. */
  readonly pending: DeltaRows;
  /** Still counted, though the events were erased. */
  readonly erased: DeltaRows;
}

/**
 * Compares a rollup with its events: rollup + pending deltas = events + erased events. Removes the rollup's deltas
 * from `around`.
 */
export function checkPair(
  type: string,
  pair: RollupPair,
  around: OffsettingDeltas,
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
  const delta = remove(around.pending, rollupKey(place));
  const erased = remove(around.erased, rollupKey(place));
  const name =
    `rollup ${pair.organization_id} ${type}${pair.measure && `.${pair.measure}`} ${pair.window_seconds} s ` +
    `${new Date(pair.bucket * 1000).toISOString()} ${dimensions}`;
  const left = (pair.count ?? 0) + (delta?.count ?? 0) - (erased?.count ?? 0);
  const isThere = erased ? left !== 0 : pair.count !== null || delta !== undefined;
  findings.compare(name, countOf(pair.expected_count), isThere ? countOf(left) : null);
  if (!isThere || pair.expected_count === null || !pair.measure) return;
  checkMeasurement(name, pair, withPending(pair, delta), erased?.measurement ?? new Measurement(), findings);
}

function remove(rows: DeltaRows, key: string): DeltaRow | undefined {
  const row = rows.get(key);
  rows.delete(key);
  return row;
}

const countOf = (count: number | null) => (count === null ? null : { count });

/** The rollup with its pending delta merged in. */
function withPending({ count, sum, min, max, sketch }: RollupPair, delta: DeltaRow | undefined): Measurement {
  const whole =
    count === null ? new Measurement() : new Measurement(count, sum!, min!, max!, Sketch.decode(sketch!));
  if (delta?.measurement) whole.merge(delta.measurement);
  return whole;
}

function checkMeasurement(
  name: string,
  pair: RollupPair,
  found: Measurement,
  erased: Measurement,
  findings: Findings,
): void {
  const [min, max] = [pair.expected_min!, pair.expected_max!];
  const expectedSum = pair.expected_sum! + erased.sum;
  if (!isSameSum(expectedSum, found.sum, pair.magnitude! + magnitudeOf(erased))) {
    findings.differ(name, 'sum', expectedSum, found.sum);
  }
  // A sketch can be subtracted from another; min and max cannot.
  found.sketch.remove(erased.sketch);
  findings.compare(
    name,
    {
      min: Math.min(min, erased.min),
      max: Math.max(max, erased.max),
      'values in the sketch': pair.expected_count,
    },
    { min: found.min, max: found.max, 'values in the sketch': found.sketch.count },
  );
  QUANTILES.forEach((q, i) => {
    const exact = pair.quantiles![i]!;
    const estimate = found.sketch.quantile(q, min, max) ?? Number.NaN;
    if (Math.abs(estimate - exact) <= ACCURACY * Math.abs(exact) + ZERO) return;
    findings.differ(name, `p${q * 100}`, exact, estimate);
  });
}

/** An upper bound of the sum of absolute values. */
const magnitudeOf = ({ count, min, max }: Measurement) =>
  count === 0 ? 0 : count * Math.max(Math.abs(min), Math.abs(max));

/** A pair for a delta without a rollup row and without events. */
export const pairOf = (row: DeltaRow): RollupPair => ({
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
