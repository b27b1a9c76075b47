import type { MetricDefinition } from '#people';

/**
 * Counts that change when late events change a metric of a day. Cheap to read; equal counts mean equal metrics, because
 * events are only ever added to what is counted.
 */
export interface Basis {
  readonly time_zone: string;
  /** Metrics of the organization's own, by name. */
  readonly definitions: Readonly<Record<string, MetricDefinition>>;
  /** Events on the day. */
  readonly events: number;
  /** Events in the 29 days before, and the rest of the UTC day in which they begin. */
  readonly events_before: number;
  readonly users: number;
  readonly new_users: number;
  /** Sessions that started on the day: how many, with how many events, and how long. */
  readonly sessions: readonly [count: number, events: number, seconds: number];
}

/** Whether two bases are equal, in whatever order the database returns their fields. Pure. */
export const isSame = (a: Basis, b: Basis): boolean => sorted(a) === sorted(b);

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
