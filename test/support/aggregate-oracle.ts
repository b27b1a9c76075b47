import { dimensionValue, type EventType } from '#catalog';
import type { QueryWindow, Statistic } from '#rollups';
import type { Aggregates } from '../../apps/api/src/query/aggregates/render-aggregates.js';

/** A raw event; `ts` in milliseconds since the epoch. */
export interface OracleEvent {
  readonly ts: number;
  readonly type: string;
  readonly user_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface OracleQuestion {
  readonly type: EventType;
  readonly measure?: string;
  readonly window: QueryWindow;
  readonly from: number;
  readonly to: number;
  readonly tz: string;
  readonly groupBy: readonly string[];
  readonly where: Readonly<Record<string, string | null>>;
  readonly userId?: string;
  readonly statistics: readonly Statistic[];
  readonly fill: 'none' | 'zero' | 'null';
  readonly compare: boolean;
  readonly orderBy?: string;
  readonly limit: number;
  readonly rest: boolean;
}

type Figures = Readonly<Record<string, number | null>>;
type Values = readonly (number | null)[];
/** Values of the events by group, then by bucket. Without a measure, each value is null. */
type Groups = Map<string, Map<number, (number | null)[]>>;

const PERCENTILES: Partial<Record<Statistic, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/**
 * Compares all pages of an answer with the raw events.
 * @param buckets start of each event's bucket, in milliseconds
 */
export function expectSeries(
  answer: Aggregates,
  question: OracleQuestion,
  events: readonly OracleEvent[],
  buckets: readonly number[],
): void {
  const [from, to] = [Date.parse(answer.from), Date.parse(answer.to)];
  expect(from).toBeLessThanOrEqual(question.from);
  expect(to).toBeGreaterThanOrEqual(question.to);
  const periods = [{ from, to, previous: false }];
  if (answer.previous) {
    expect(answer.previous.to).toBe(answer.from);
    periods.push({ from: Date.parse(answer.previous.from), to: from, previous: true });
  }
  expect(answer.previous !== undefined).toBe(question.compare);
  const expected = periods.map((period) => groupsIn(question, events, buckets, period));
  const rest = question.rest ? answer.series.at(-1) : undefined;
  const hasRest = rest !== undefined && Object.values(rest.group).includes('__rest__');
  const plain = hasRest ? answer.series.slice(0, -1) : answer.series;
  const keys = new Set(expected.flatMap((groups) => [...groups.keys()]));
  if (question.fill !== 'none' && question.groupBy.length === 0) keys.add('[]');
  const keyOf = ({ group }: { group: object }) => JSON.stringify(Object.values(group));
  const found = plain.map(keyOf);
  if (question.rest) {
    expect(found).toHaveLength(Math.min(question.limit, keys.size));
    for (const groups of expected) gatherRest(groups, new Set(found));
  } else {
    expect([...found].sort()).toEqual([...keys].sort());
  }
  if (question.orderBy) expectOrder(plain, question.orderBy);
  for (const series of answer.series) {
    const key = series === rest && hasRest ? 'rest' : keyOf(series);
    expected.forEach((groups, i) => {
      const part = i === 0 ? series : series.previous!;
      expectPeriod(part, groups.get(key) ?? new Map(), question, periods[i]!);
    });
  }
}

function groupsIn(
  { type, measure, groupBy, where, userId }: OracleQuestion,
  events: readonly OracleEvent[],
  buckets: readonly number[],
  { from, to }: { from: number; to: number },
): Groups {
  const groups: Groups = new Map();
  events.forEach((event, i) => {
    const dimension = (name: string) => dimensionValue(event.payload[name]) ?? null;
    if (event.type !== type.name || event.ts < from || event.ts >= to) return;
    if (userId !== undefined && event.user_id !== userId) return;
    if (Object.entries(where).some(([name, value]) => dimension(name) !== value)) return;
    const value = measure === undefined ? null : event.payload[measure];
    if (measure !== undefined && typeof value !== 'number') return;
    const key = JSON.stringify(groupBy.map(dimension));
    const series = groups.get(key) ?? new Map<number, (number | null)[]>();
    groups.set(key, series);
    const values = series.get(buckets[i]!) ?? [];
    series.set(buckets[i]!, values);
    values.push(value as number | null);
  });
  return groups;
}

function gatherRest(groups: Groups, chosen: ReadonlySet<string>): void {
  const rest = new Map<number, (number | null)[]>();
  for (const [key, series] of groups) {
    if (chosen.has(key)) continue;
    for (const [bucket, values] of series) rest.set(bucket, [...(rest.get(bucket) ?? []), ...values]);
  }
  groups.set('rest', rest);
}

function expectOrder(series: readonly { total: Figures }[], orderBy: string): void {
  const name = orderBy.replace('-', '');
  const values = series.map(({ total }) => total[name]!);
  const sorted = [...values].sort((a, b) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : orderBy === name ? a - b : b - a,
  );
  expect(values).toEqual(sorted);
}

function expectPeriod(
  part: { total: Figures; points: readonly { bucket: string }[] },
  expected: ReadonlyMap<number, Values>,
  { statistics, fill }: OracleQuestion,
  { from, to }: { from: number; to: number },
): void {
  expectFigures(part.total, [...expected.values()].flat(), statistics);
  const starts = part.points.map(({ bucket }) => Date.parse(bucket));
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  const full = starts.filter((start) => expected.has(start));
  expect(full).toHaveLength(expected.size);
  if (fill === 'none') expect(starts).toHaveLength(full.length);
  else expect([starts[0], starts.every((start) => start < to)]).toEqual([from, true]);
  for (const { bucket, ...figures } of part.points as { bucket: string }[]) {
    const values = expected.get(Date.parse(bucket));
    if (values) expectFigures(figures as Figures, values, statistics);
    else expect(Object.values(figures)).toEqual(statistics.map(() => (fill === 'zero' ? 0 : null)));
  }
}

function expectFigures(figures: Figures, values: Values, statistics: readonly Statistic[]): void {
  expect(Object.keys(figures)).toEqual([...statistics]);
  for (const statistic of statistics) {
    const exact = exactly(statistic, values);
    const found = figures[statistic]!;
    if (exact === null || found === null) expect([statistic, found]).toEqual([statistic, exact]);
    else {
      const tolerance = (statistic in PERCENTILES ? 0.01 : 1e-9) * Math.abs(exact) + 1e-9;
      if (Math.abs(found - exact) > tolerance) expect([statistic, found]).toEqual([statistic, exact]);
    }
  }
}

function exactly(statistic: Statistic, values: Values): number | null {
  if (statistic === 'count') return values.length;
  const numbers = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, value) => total + value, 0);
  const q = PERCENTILES[statistic];
  if (q !== undefined) return numbers[Math.max(1, Math.ceil(q * numbers.length)) - 1]!;
  return { sum, avg: sum / numbers.length, min: numbers[0]!, max: numbers.at(-1)! }[statistic as 'sum'];
}
