import { errorOccurred, voiceMetric } from '#catalog';
import {
  activeUsers,
  activityFigures,
  activityQuestions,
  type Part,
  questionOf,
  type SessionFigures,
  type Snapshot,
  scopeOf,
  sessionFigures,
} from '#people';
import type { AggregateSeries } from '#rollups';
import type { PeriodFigures, TypeFigures, ValueCount } from '../content/report.js';
import type { ReportPeriod } from '../period/report-period.js';

const MAX_DEVICES = 10;

const EVENTS = (type: string): Part => ({ types: [type], groupBy: [], statistics: ['count'] });
const TALKED: Part = { types: [voiceMetric.name], measure: 'talked_time', groupBy: [], statistics: ['sum'] };

/** Both periods of a report, and what adds up to their events. */
export interface FiguresOfPeriods {
  readonly totals: PeriodFigures;
  readonly previous: PeriodFigures;
  readonly types: readonly TypeFigures[];
  /** Of the sessions of the period. */
  readonly devices: readonly ValueCount[];
}

/**
 * The figures of a period and of the one before.
 * @param types all event types that the organization has events of
 */
export async function figuresOfPeriods(
  snapshot: Snapshot,
  period: ReportPeriod,
  types: readonly string[],
): Promise<FiguresOfPeriods> {
  const { client, organizationId } = snapshot;
  const scope = scopeOf([period.previous, period.from, period.to]);
  const activity = activityQuestions(scope);
  const answers = await snapshot.rollups.all([
    ...activity,
    questionOf(scope, TALKED),
    ...types.map((type) => questionOf(scope, EVENTS(type))),
  ]);
  const [talked, ...counts] = answers.slice(activity.length);
  const byType = types.map((type, i) => ({
    ...{ type, count: valueAt(counts[i]!, 1), previous: valueAt(counts[i]!, 0) },
  }));
  const { points } = activityFigures(scope, answers.slice(0, activity.length));
  const reported = byType.find(({ type }) => type === errorOccurred.name);
  const users = await usersOf(snapshot, period);
  const [before, now] = [
    await sessionFigures(client, organizationId, { from: period.previous, to: period.from }, MAX_DEVICES),
    await sessionFigures(client, organizationId, period, MAX_DEVICES),
  ];
  const figures = (index: 0 | 1, { sessions, seconds }: SessionFigures) => {
    const { bucket: _, ...own } = points[index]!;
    const count = (one: TypeFigures) => (index === 0 ? one.previous : one.count);
    return {
      ...own,
      events: byType.reduce((sum, one) => sum + count(one), 0),
      ...users[index]!,
      reported_errors: reported ? count(reported) : 0,
      ...{ sessions, avg_session_seconds: sessions === 0 ? null : seconds / sessions },
      talked_seconds: valueAt(talked!, index),
    };
  };
  return {
    ...{ totals: figures(1, now), previous: figures(0, before), types: byType },
    devices: now.devices.map(({ device, is_rest, sessions: count }) => ({
      ...{ value: is_rest ? REST : device, count },
    })),
  };
}

/** Devices that are not among the most frequent ones. */
const REST = '__rest__';

const valueAt = ([series]: readonly AggregateSeries[], index: number) =>
  series?.points.find((point) => point.index === index)?.figures[0] ?? 0;

/** Distinct users of the period before and of the period, and how many of them were never active before that one. */
async function usersOf({ client, organizationId, pending }: Snapshot, period: ReportPeriod) {
  const bounds = [period.previous, period.from, period.to];
  const found = await activeUsers(client, organizationId, pending, {
    ...{ granularity: 'day', bounds, dates: ['', ''], isUtc: false },
  });
  return [0, 1].map((wanted) => {
    const users = found.find(({ index }) => index === wanted);
    return { active_users: users?.active ?? 0, new_users: users?.new ?? 0 };
  });
}
