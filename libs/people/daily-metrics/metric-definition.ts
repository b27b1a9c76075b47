import type { Statistic } from '#rollups';
import type { Part } from '../development/scope.js';

/** A metric that an organization defines: a statistic of one event type. Stored as JSON. */
export interface MetricDefinition {
  readonly type: string;
  /** Null: events are counted. */
  readonly measure: string | null;
  readonly stat: Statistic;
  /** Dimension → required value; null: the event has no such dimension. */
  readonly where: Readonly<Record<string, string | null>>;
  /** At most one dimension, by which it is computed beside its total. */
  readonly group_by: readonly string[];
}

/** What a definition asks for, without its dimension. Pure. */
export const partOf = ({ type, measure, stat, where }: MetricDefinition): Part => ({
  ...{ types: [type], groupBy: [], statistics: [stat], where },
  ...(measure === null ? {} : { measure }),
});
