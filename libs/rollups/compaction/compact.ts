import type { SeriesDelta, SessionDelta, UserDay } from '../delta/delta.js';
import { mergeSession } from '../delta/session.js';
import { bucketStart } from '../delta/windows.js';
import { Measurement } from '../measurement/measurement.js';
import { type BaseBucket, compare, MergedSeries } from './merged-series.js';

/** One row of `rollups`. The measure '' counts events and has no measurement. */
export interface RollupRow {
  readonly type: string;
  readonly measure: string;
  readonly windowSeconds: number;
  /** Seconds since the epoch. */
  readonly bucket: number;
  /** Canonical JSON. */
  readonly dimensions: string;
  count: number;
  readonly measurement: Measurement | null;
}

/** Turns deltas of one type into rollup rows for every window. Pure. */
export function compactSeries(
  type: string,
  deltas: Iterable<SeriesDelta>,
  windows: readonly number[],
): RollupRow[] {
  const merged = new MergedSeries();
  merged.add(deltas);
  return rollupRows(type, merged.buckets(), windows);
}

/** The rollup rows to which base buckets of one type belong, in the order of the primary key. Pure. */
export function rollupRows(
  type: string,
  buckets: Iterable<BaseBucket>,
  windows: readonly number[],
): RollupRow[] {
  const rows = new Map<string, RollupRow>();
  for (const base of buckets) {
    for (const windowSeconds of windows) {
      const bucket = bucketStart(base.bucket, windowSeconds);
      const place = { type, windowSeconds, bucket, dimensions: base.dimensions };
      rowOf(rows, { ...place, measure: '' }, false).count += base.events;
      for (const [measure, measurement] of base.measurements) {
        const row = rowOf(rows, { ...place, measure }, true);
        row.count += measurement.count;
        row.measurement!.merge(measurement);
      }
    }
  }
  return [...rows.values()].sort(byKey);
}

function rowOf(
  rows: Map<string, RollupRow>,
  place: Omit<RollupRow, 'count' | 'measurement'>,
  measured: boolean,
): RollupRow {
  const key = `${place.windowSeconds} ${place.bucket} ${place.measure} ${place.dimensions}`;
  let row = rows.get(key);
  if (!row) {
    row = { ...place, count: 0, measurement: measured ? new Measurement() : null };
    rows.set(key, row);
  }
  return row;
}

function byKey(a: RollupRow, b: RollupRow): number {
  return (
    compare(a.measure, b.measure) ||
    a.windowSeconds - b.windowSeconds ||
    a.bucket - b.bucket ||
    compare(a.dimensions, b.dimensions)
  );
}

/** Merges the deltas of several transactions to one per session. */
export function compactSessions(deltas: Iterable<SessionDelta>): SessionDelta[] {
  const sessions = new Map<string, SessionDelta>();
  for (const delta of deltas) {
    const known = sessions.get(delta.session_id);
    if (known) mergeSession(known, delta);
    else sessions.set(delta.session_id, { ...delta });
  }
  return [...sessions.values()];
}

/** Merges the deltas of several transactions to one per user and day. */
export function compactUserDays(deltas: Iterable<UserDay>): UserDay[] {
  const days = new Map<string, UserDay>();
  for (const delta of deltas) {
    const key = delta.day + delta.user_id;
    const known = days.get(key);
    if (!known) {
      days.set(key, { ...delta });
    } else {
      known.first = Math.min(known.first, delta.first);
      known.last = Math.max(known.last, delta.last);
    }
  }
  return [...days.values()];
}
