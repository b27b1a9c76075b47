import type { SeriesDelta, SessionDelta, UserDay } from '../delta/delta.js';
import { mergeSession } from '../delta/session.js';
import { bucketStart } from '../delta/windows.js';
import { Measurement } from '../measurement/measurement.js';

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
  const rows = new Map<string, RollupRow>();
  for (const delta of mergeBase(deltas)) {
    for (const windowSeconds of windows) {
      const bucket = bucketStart(delta.bucket, windowSeconds);
      const place = { type, windowSeconds, bucket, dimensions: delta.dimensions };
      rowOf(rows, { ...place, measure: '' }, false).count += delta.events;
      for (const [measure, measurement] of delta.measurements) {
        const row = rowOf(rows, { ...place, measure }, true);
        row.count += measurement.count;
        row.measurement!.merge(measurement);
      }
    }
  }
  return [...rows.values()].sort(byKey);
}

/**
 * Merges deltas of one type to one per series and base bucket. The result is sorted, so that it does not
 * reveal which belonged to the same transaction. Pure.
 */
export function mergeDeltas(deltas: Iterable<SeriesDelta>): SeriesDelta[] {
  return [...mergeBase(deltas)]
    .sort((a, b) => a.bucket - b.bucket || compare(a.dimensions, b.dimensions))
    .map(({ bucket, dimensions, events, measurements }) => ({
      d: JSON.parse(dimensions),
      t: bucket,
      c: events,
      m: Object.fromEntries([...measurements].map(([name, measurement]) => [name, measurement.toJSON()])),
    }));
}

interface BaseBucket {
  readonly bucket: number;
  readonly dimensions: string;
  events: number;
  readonly measurements: Map<string, Measurement>;
}

/** Merges to base buckets first, so that each wider window is updated once a minute instead of once a batch. */
function mergeBase(deltas: Iterable<SeriesDelta>): Iterable<BaseBucket> {
  const merged = new Map<string, BaseBucket>();
  for (const delta of deltas) {
    const dimensions = canonicalJson(delta.d);
    const key = `${delta.t} ${dimensions}`;
    let base = merged.get(key);
    if (!base) {
      base = { bucket: delta.t, dimensions, events: 0, measurements: new Map() };
      merged.set(key, base);
    }
    base.events += delta.c;
    for (const [measure, json] of Object.entries(delta.m)) {
      const measurement = Measurement.fromJSON(json);
      const known = base.measurements.get(measure);
      if (known) known.merge(measurement);
      else base.measurements.set(measure, measurement);
    }
  }
  return merged.values();
}

/** JSON with sorted keys: equal dimensions give equal text. */
export function canonicalJson(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))));
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

/** Rows are written in the order of the primary key. */
function byKey(a: RollupRow, b: RollupRow): number {
  return (
    compare(a.measure, b.measure) ||
    a.windowSeconds - b.windowSeconds ||
    a.bucket - b.bucket ||
    compare(a.dimensions, b.dimensions)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

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
