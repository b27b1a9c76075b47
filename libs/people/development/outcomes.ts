import type { AggregateSeries } from '#rollups';
import type { Part } from './scope.js';

/** How often something was done, and how often it failed. */
export interface Outcomes {
  readonly all: number;
  readonly errors: number;
}

/** Statuses that count as errors; a cancelled command is none. */
const ERRORS = ['error', 'timeout'];

/** Whether a status counts as an error. */
export const isError = (status: string | null | undefined) => ERRORS.includes(status ?? '');

/**
 * Adds up events by status. Pure.
 * @param counts events of each status; null: they have none
 */
export function countOutcomes(counts: Iterable<readonly [status: string | null, count: number]>): Outcomes {
  let [all, errors] = [0, 0];
  for (const [status, count] of counts) {
    all += count;
    if (isError(status)) errors += count;
  }
  return { all, errors };
}

export const addOutcomes = (a: Outcomes, b: Outcomes): Outcomes => ({
  all: a.all + b.all,
  errors: a.errors + b.errors,
});

/** The share that failed; null when nothing was done. */
export const errorRate = ({ all, errors }: Outcomes): number | null => (all === 0 ? null : errors / all);

/** Asks for the events of a type by status. */
export const outcomesPart = (type: string): Part => ({
  types: [type],
  groupBy: ['status'],
  statistics: ['count'],
});

/**
 * The outcomes of all buckets together. Pure.
 * @param byStatus the answer to `outcomesPart`
 */
export const outcomesOf = (byStatus: readonly AggregateSeries[]): Outcomes =>
  countOutcomes(byStatus.map(({ group, totals }) => [group.status ?? null, totals[0]![0] ?? 0]));
