import type { WindowName } from '#config';
import type { Statistic } from './statistic.js';

/** An aggregate query. */
export interface AggregateQuestion {
  /** Event types, counted together. */
  readonly types: readonly string[];
  /** Absent: events are counted. */
  readonly measure?: string;
  /** Bounds of the buckets, in milliseconds since the epoch: the start of each, and the end of the last. */
  readonly bounds: readonly number[];
  /** With 2, the first half of the buckets is the period before, to compare with. */
  readonly periods: 1 | 2;
  /** The stored window that the buckets are made of. */
  readonly stored: WindowName;
  readonly groupBy: readonly string[];
  /** Dimension → required value; null: the event has no such dimension. */
  readonly where: Readonly<Record<string, string | null>>;
  /** Only events of these users, whom rollups do not know. */
  readonly userIds?: readonly string[];
  readonly statistics: readonly Statistic[];
  /** With more groups, reading ends with `TooManyGroups`; absent: any number. */
  readonly maxGroups?: number;
  /** Only these groups; absent: all. */
  readonly chosen?: ChosenGroups;
}

export interface ChosenGroups {
  readonly keys: readonly string[];
  /** Adds up all other groups as one with the key `REST_KEY`, instead of leaving them out. */
  readonly rest: boolean;
}

export const REST_KEY = '__rest__';

export type Group = Readonly<Record<string, string | null>>;

/** One value for each statistic of the question, in the same order. */
export type Figures = readonly (number | null)[];

export interface AggregatePoint {
  /** Index of the bucket. */
  readonly index: number;
  readonly figures: Figures;
}

export interface AggregateSeries {
  /** Identifies the group; sorting by it sorts by the group's values. */
  readonly key: string;
  readonly group: Group;
  /** The figures of each period as a whole. */
  readonly totals: readonly Figures[];
  /** Buckets with events, in order. */
  readonly points: readonly AggregatePoint[];
}

/** The key of a group: its values as JSON. */
export const groupKey = (values: readonly (string | null)[]) => JSON.stringify(values);

/** The group of a key. In the rest, each dimension has the value `__rest__`. */
export function groupOf(key: string, groupBy: readonly string[]): Group {
  const values: (string | null)[] = key === REST_KEY ? groupBy.map(() => REST_KEY) : JSON.parse(key);
  return Object.fromEntries(groupBy.map((name, i) => [name, values[i]!]));
}

/** Index of the period that a bucket belongs to. */
export const periodOf = ({ bounds, periods }: AggregateQuestion, index: number) =>
  Math.floor((index * periods) / (bounds.length - 1));

/** The same question with one bucket per period. */
export function wholePeriods(question: AggregateQuestion, stored: WindowName): AggregateQuestion {
  const { bounds, periods } = question;
  const length = (bounds.length - 1) / periods;
  return { ...question, stored, bounds: bounds.filter((_, i) => i % length === 0) };
}
