import { MAX_VALUES } from '#people';
import { REST_KEY } from '#rollups';
import { type Metric } from './metric.js';

/** The values of a dimension with the most, the others added up as `__rest__`. Pure. */
export function topValues(
  name: string,
  dimension: string,
  values: readonly (readonly [value: string | null, count: number])[],
): Metric[] {
  const sorted = [...values].sort(
    ([a, m], [b, n]) => n - m || Number((a ?? '') > (b ?? '')) - Number((a ?? '') < (b ?? '')),
  );
  const rest = sorted.slice(MAX_VALUES);
  const metrics = sorted.slice(0, MAX_VALUES);
  if (rest.length > 0) metrics.push([REST_KEY, rest.reduce((sum, [, count]) => sum + count, 0)]);
  return metrics.map(([value, count]) => ({ name, dimensions: { [dimension]: value }, value: count }));
}
