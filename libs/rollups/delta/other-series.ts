import { Measurement } from '../measurement/measurement.js';
import type { SeriesDelta } from './delta.js';

/** Value of every dimension of the series that collects those over the limit. */
export const OTHER = '__other__';

/** Dimensions under which a series over the limit is counted. */
export const otherDimensions = (dimensions: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(dimensions).map((name) => [name, OTHER]));

/**
 * Merges the deltas of series over the limit into one per bucket and set of dimension names. Pure.
 * @param isAdmitted whether a delta's series is counted separately
 */
export function gatherOthers(
  deltas: readonly SeriesDelta[],
  isAdmitted: (delta: SeriesDelta) => boolean,
): SeriesDelta[] {
  const gathered: SeriesDelta[] = [];
  const others = new Map<string, Gathered>();
  for (const delta of deltas) {
    if (isAdmitted(delta)) {
      gathered.push(delta);
      continue;
    }
    const d = otherDimensions(delta.d);
    const key = `${delta.t} ${Object.keys(d).sort()}`;
    const other = others.get(key) ?? { d, t: delta.t, c: 0, measurements: new Map() };
    others.set(key, other);
    add(other, delta);
  }
  for (const { d, t, c, measurements } of others.values()) {
    const m = Object.fromEntries([...measurements].map(([name, merged]) => [name, merged.toJSON()]));
    gathered.push({ d, t, c, m });
  }
  return gathered;
}

interface Gathered extends Pick<SeriesDelta, 'd' | 't'> {
  c: number;
  readonly measurements: Map<string, Measurement>;
}

function add(other: Gathered, { c, m }: SeriesDelta): void {
  other.c += c;
  for (const [name, json] of Object.entries(m)) {
    const measurement = Measurement.fromJSON(json);
    const merged = other.measurements.get(name);
    if (merged) merged.merge(measurement);
    else other.measurements.set(name, measurement);
  }
}
