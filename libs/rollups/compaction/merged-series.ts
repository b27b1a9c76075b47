import type { SeriesDelta } from '../delta/delta.js';
import { Measurement } from '../measurement/measurement.js';

/** What is counted of a series in one base bucket. */
export interface BaseBucket {
  /** Seconds since the epoch. */
  readonly bucket: number;
  /** Canonical JSON. */
  readonly dimensions: string;
  events: number;
  readonly measurements: Map<string, Measurement>;
}

/**
 * Deltas of one type, merged to one per series and base bucket, so that each wider window is updated once a minute instead of
 * once a batch.
 */
export class MergedSeries {
  private readonly merged = new Map<string, BaseBucket>();

  get size(): number {
    return this.merged.size;
  }

  add(deltas: Iterable<SeriesDelta>): void {
    for (const delta of deltas) {
      const base = this.bucketOf(delta);
      base.events += delta.c;
      for (const [measure, json] of Object.entries(delta.m)) {
        const measurement = Measurement.fromJSON(json);
        const known = base.measurements.get(measure);
        if (known) known.merge(measurement);
        else base.measurements.set(measure, measurement);
      }
    }
  }

  buckets(): Iterable<BaseBucket> {
    return this.merged.values();
  }

  clear(): void {
    this.merged.clear();
  }

  private bucketOf({ t, d }: SeriesDelta): BaseBucket {
    const dimensions = canonicalJson(d);
    const key = `${t} ${dimensions}`;
    let base = this.merged.get(key);
    if (!base) {
      base = { bucket: t, dimensions, events: 0, measurements: new Map() };
      this.merged.set(key, base);
    }
    return base;
  }
}

/**
 * Merges deltas of one type to one per series and base bucket. The result is sorted, so that it does not
 * reveal which belonged to the same transaction. Pure.
 */
export function mergeDeltas(deltas: Iterable<SeriesDelta>): SeriesDelta[] {
  const merged = new MergedSeries();
  merged.add(deltas);
  return [...merged.buckets()]
    .sort((a, b) => a.bucket - b.bucket || compare(a.dimensions, b.dimensions))
    .map(({ bucket, dimensions, events, measurements }) => ({
      d: JSON.parse(dimensions),
      t: bucket,
      c: events,
      m: Object.fromEntries([...measurements].map(([name, measurement]) => [name, measurement.toJSON()])),
    }));
}

/** JSON with sorted keys: equal dimensions give equal text. */
export function canonicalJson(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Orders texts by their UTF-16 units. */
export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
