import type { WindowName } from '#config';
import type { MetricDefinition } from '#people';

export const COMPARISONS = ['>', '>=', '<', '<='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A statistic of the last window compares with a threshold. */
export interface ThresholdCondition extends Omit<MetricDefinition, 'group_by'> {
  readonly kind: 'threshold';
  readonly window: WindowName;
  readonly comparison: Comparison;
  readonly threshold: number;
}

/** No event came for some minutes. */
export interface NoEventsCondition {
  readonly kind: 'no_events';
  /** Null: of any type. */
  readonly type: string | null;
  /** As in a metric's definition; empty without a type. */
  readonly where: MetricDefinition['where'];
  readonly minutes: number;
}

/** What a rule of an organization watches. Stored as JSON. */
export type Condition = ThresholdCondition | NoEventsCondition;

const COMPARE: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
};

/**
 * Whether a condition holds. Pure.
 * @param value null: there is none, and that compares with nothing
 */
export function holds(condition: Condition, value: number | null): boolean {
  if (value === null) return false;
  if (condition.kind === 'no_events') return value === 0;
  return COMPARE[condition.comparison](value, condition.threshold);
}

/** Characters of a filter's value that are shown. */
const MAX_VALUE = 100;

/** What a condition looks at, such as `count of page_view over 5m`. Pure. */
export function subjectOf(condition: Condition): string {
  const filter = Object.entries(condition.where).map(
    ([name, wanted]) => `${name}=${(wanted ?? 'none').slice(0, MAX_VALUE)}`,
  );
  const of = `${condition.type ?? 'any type'}${filter.length > 0 ? ` with ${filter.join(', ')}` : ''}`;
  if (condition.kind === 'no_events') return `events of ${of} in ${condition.minutes} minutes`;
  const { stat, measure, window } = condition;
  return `${stat} of ${measure === null ? '' : `${measure} of `}${of} over ${window}`;
}

/** A condition and its value in words, such as `count of page_view over 5m is 12 (rule: > 10)`. Pure. */
export function describe(condition: Condition, value: number | null): string {
  const subject = subjectOf(condition);
  if (condition.kind === 'no_events') return value === 0 ? `no ${subject}` : subject;
  const { comparison, threshold } = condition;
  return `${subject} is ${value ?? 'not known: there are no events'} (rule: ${comparison} ${threshold})`;
}
