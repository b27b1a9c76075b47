import type { Totals } from './stats.read-model.js';

/** Totals of an organization in API responses. */
export interface Stats {
  readonly events: number;
  readonly events_today: number;
  readonly users: number;
  readonly sessions: number;
  readonly first_event: Date | null;
  readonly last_event: Date | null;
  readonly by_type: readonly { readonly type: string; readonly count: number }[];
  readonly rejected: number;
  readonly rejections: Totals['rejections'];
}

/** Adds up the types. Pure. */
export function renderStats({ types, users, sessions, first_event, last_event, rejections }: Totals): Stats {
  return {
    events: types.reduce((sum, { count }) => sum + count, 0),
    events_today: types.reduce((sum, { on_day }) => sum + on_day, 0),
    ...{ users, sessions, first_event, last_event },
    by_type: types.map(({ type, count }) => ({ type, count })),
    rejected: rejections.reduce((sum, { count }) => sum + count, 0),
    rejections,
  };
}
