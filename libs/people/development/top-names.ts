import type { AggregateQuestion, AggregateSeries } from '#rollups';
import { isError } from './outcomes.js';
import { questionOf, type Scope } from './scope.js';

const LIMIT = 10;

/** A command or an agent over the whole range. */
export interface NameFigures {
  readonly name: string | null;
  readonly count: number;
  /** With the status error or timeout. */
  readonly errors: number;
  readonly avg_execution_time_ms: number | null;
}

/**
 * Asks for the events of each name, over the whole range.
 * @param dimension of the type, such as `command_name`
 */
export function namesQuestion(scope: Scope, type: string, dimension: string): AggregateQuestion {
  const { bounds } = scope;
  // The last bucket apart: what precedes it is remembered.
  const whole = { ...scope, bounds: [...new Set([bounds[0]!, bounds.at(-2)!, bounds.at(-1)!])] };
  return questionOf(whole, {
    types: [type],
    measure: 'execution_time_ms',
    groupBy: [dimension, 'status'],
    statistics: ['count', 'sum'],
  });
}

/** The names with the most events, at most ten. Pure. */
export function topNames(series: readonly AggregateSeries[], dimension: string): NameFigures[] {
  const names = new Map<string | null, { count: number; errors: number; sum: number }>();
  for (const { group, totals } of series) {
    const name = group[dimension] ?? null;
    const entry = names.get(name) ?? { count: 0, errors: 0, sum: 0 };
    names.set(name, entry);
    const [count, sum] = [totals[0]![0] ?? 0, totals[0]![1] ?? 0];
    entry.count += count;
    entry.sum += sum;
    if (isError(group.status)) entry.errors += count;
  }
  return [...names]
    .map(([name, { count, errors, sum }]) => ({
      ...{ name, count, errors, avg_execution_time_ms: count === 0 ? null : sum / count },
    }))
    .sort((a, b) => b.count - a.count || ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
    .slice(0, LIMIT);
}
