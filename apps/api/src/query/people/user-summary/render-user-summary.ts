import type { UserTotals } from './user-summary.read-model.js';

/** A user's totals in an answer. */
export interface UserSummary {
  readonly user_id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly first_seen: Date | null;
  readonly last_seen: Date | null;
  readonly events: number;
  readonly sessions: number;
  readonly talked_seconds: number;
  readonly active_days: number;
  readonly by_type: readonly { readonly type: string; readonly count: number }[];
}

/**
 * Renders a user's totals. Pure.
 * @returns null for a user that nothing is known of
 */
export function renderUserSummary(user_id: string, totals: UserTotals): UserSummary | null {
  const { profile, types, sessions, talked_seconds, active_days } = totals;
  if (!profile && types.length === 0 && sessions === 0 && active_days === 0) return null;
  const instants = (pick: (type: UserTotals['types'][number]) => Date) =>
    types.map((type) => pick(type).getTime());
  const dateOf = (epochMs: number) => (types.length > 0 ? new Date(epochMs) : null);
  return {
    user_id,
    name: profile?.name ?? null,
    email: profile?.email ?? null,
    first_seen: dateOf(Math.min(...instants(({ first_ts }) => first_ts))),
    last_seen: dateOf(Math.max(...instants(({ last_ts }) => last_ts))),
    events: types.reduce((sum, { count }) => sum + count, 0),
    ...{ sessions, talked_seconds, active_days },
    by_type: types.map(({ type, count }) => ({ type, count })),
  };
}
