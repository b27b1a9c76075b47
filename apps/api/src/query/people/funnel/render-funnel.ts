import type { ReachedRow } from './funnel-statement.read-model.js';
import type { FunnelQuestion } from './read-funnel.js';

/** Users who reached a step. */
export interface ReachedStep {
  readonly type: string;
  readonly where: Readonly<Record<string, string | null>>;
  readonly users: number;
  /** Of the users of the first step; null when there are none. */
  readonly share: number | null;
  /** Of the users of the step before; null when there are none. */
  readonly share_of_previous: number | null;
}

export interface GroupFunnel {
  readonly group: Readonly<Record<string, string | null>>;
  readonly steps: readonly ReachedStep[];
}

/** Answer about a funnel. */
export interface Funnel {
  readonly from: Date;
  readonly to: Date;
  readonly within_seconds: number;
  readonly source: 'raw';
  readonly events_read: number;
  readonly steps: readonly ReachedStep[];
  /** Absent without `group_by`. */
  readonly groups?: readonly GroupFunnel[];
}

/** Renders a funnel, groups with the most users first. Pure. */
export function renderFunnel(question: FunnelQuestion, rows: readonly ReachedRow[]): Funnel {
  const { range, within, groupBy, limit } = question;
  const groups = new Map<string | null, ReachedRow[]>();
  for (const row of rows.filter(({ is_total }) => !is_total)) {
    const own = groups.get(row.group);
    if (own) own.push(row);
    else groups.set(row.group, [row]);
  }
  return {
    from: new Date(range.from),
    to: new Date(range.to),
    within_seconds: within / 1000,
    source: 'raw',
    events_read: rows.reduce((sum, { events }) => sum + events, 0),
    steps: stepsOf(
      question,
      rows.filter(({ is_total }) => is_total),
    ),
    ...(groupBy === null
      ? {}
      : {
          groups: [...groups]
            .map(
              ([value, own]): GroupFunnel => ({ group: { [groupBy]: value }, steps: stepsOf(question, own) }),
            )
            .sort(
              (a, b) =>
                b.steps[0]!.users - a.steps[0]!.users || compare(a.group[groupBy]!, b.group[groupBy]!),
            )
            .slice(0, limit),
        }),
  };
}

function stepsOf({ steps }: FunnelQuestion, rows: readonly ReachedRow[]): ReachedStep[] {
  const users = steps.map((_, i) =>
    rows.reduce((sum, row) => ((row.step ?? 0) > i ? sum + row.users : sum), 0),
  );
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return steps.map(({ type, where }, i) => ({
    ...{ type, where, users: users[i]! },
    share: share(users[i]!, users[0]!),
    share_of_previous: share(users[i]!, users[Math.max(0, i - 1)]!),
  }));
}

/** Null first. */
const compare = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;
