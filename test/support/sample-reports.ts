import type { PeriodFigures, Report, StoredReport, TopName } from '#reports';
import { Random } from './random.js';

const ID = '01968c1e-5b0a-7c3d-9f21-4b6f0a7d2e11';
const DAY_MS = 86_400_000;

const ZERO: PeriodFigures = {
  ...{ events: 0, active_users: 0, new_users: 0, reported_errors: 0, sessions: 0, avg_session_seconds: null },
  ...{ talked_seconds: 0, commands: 0, agents: 0, errors: 0, error_rate: null, avg_execution_time_ms: null },
  ...{ p50_execution_time_ms: null, p95_execution_time_ms: null, p99_execution_time_ms: null },
  ...{ input_tokens: 0, output_tokens: 0 },
};

const changesOf = (now: PeriodFigures, before: PeriodFigures) =>
  Object.fromEntries(
    (Object.keys(now) as (keyof PeriodFigures)[]).map((name) => {
      const [one, other] = [now[name], before[name]];
      return [name, one === null || !other ? null : one / other - 1];
    }),
  ) as StoredReport['change'];

const daysFrom = (start: string, count: number) =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.parse(`${start}T00:00:00Z`) + i * DAY_MS).toISOString().slice(0, 10),
  );

/** A week without events, in Berlin. */
export const EMPTY_REPORT: StoredReport = {
  ...{ id: ID, kind: 'weekly' },
  period: { start: '2026-11-15T23:00:00.000Z', end: '2026-11-22T23:00:00.000Z', time_zone: 'Europe/Berlin' },
  ...{ watermark: { events: 0, erasures: 0 }, computed_at: '2026-11-23T00:05:00.000Z', late_events: 0 },
  ...{ totals: ZERO, previous: ZERO, change: changesOf(ZERO, ZERO) },
  days: daysFrom('2026-11-16', 7).map((day) => ({
    ...{ day, events: 0, active_users: 0, new_users: 0, errors: 0 },
  })),
  ...{ unusual: [], top_commands: [], top_agents: [], event_types: [], devices: [], sentiments: [] },
  ...{ users: [], users_with_sessions: 0 },
  quality: {
    ...{ received: 0, stored: 0, duplicate: 0, dead_lettered: 0, rejected: 0 },
    ...{ rejections: [], dead_letters: [], types_with_other_series: [] },
  },
};

/** A week in which one user did little, after a week without events. */
export const QUIET_REPORT: StoredReport = reportWith({
  ...EMPTY_REPORT,
  watermark: { events: 1, erasures: 0 },
  totals: { ...ZERO, events: 1, active_users: 1, new_users: 1, sessions: 1, avg_session_seconds: 0 },
  days: EMPTY_REPORT.days.map((day, i) =>
    i === 2 ? { ...day, events: 1, active_users: 1, new_users: 1 } : day,
  ),
  event_types: [{ type: 'session_start', count: 1, previous: 0 }],
  devices: [{ value: null, count: 1 }],
  users: [
    {
      ...{ user_id: 'ada', name: null, sessions: 1, talked_seconds: 0 },
      last_session_at: '2026-11-18T08:00:00.000Z',
    },
  ],
  users_with_sessions: 1,
  quality: { ...EMPTY_REPORT.quality, received: 1, stored: 1 },
});

/** The same report with changes that fit its figures. */
function reportWith(report: StoredReport): StoredReport {
  return { ...report, change: changesOf(report.totals, report.previous) };
}

/** A report as it is before it is stored. */
export function unstored({ id: _, ...report }: StoredReport): Report {
  return report;
}

const COMMANDS = [
  'plan',
  'apply',
  'fmt',
  'validate',
  'deploy --environment=production --auto-approve',
  'test',
];
const NAMES = ['Ada Lovelace', 'Grace Hopper', '李小龍', 'José Álvarez', 'نور الهدى', null];

/** A week or month with figures in every part, equal for equal numbers. */
export function fullReport(kind: 'weekly' | 'monthly', users: number, random = new Random(7)): StoredReport {
  const isWeek = kind === 'weekly';
  const days = daysFrom(isWeek ? '2026-11-16' : '2026-10-01', isWeek ? 7 : 31).map((day, i) => ({
    day,
    events: i === 3 ? 61_204 : i % 7 > 4 ? random.integer(4000, 6000) : random.integer(18_000, 24_000),
    active_users: random.integer(300, 420),
    ...{ new_users: random.integer(0, 12), errors: random.integer(200, 400) },
  }));
  const events = days.reduce((sum, day) => sum + day.events, 0);
  return reportWith({
    ...{ ...EMPTY_REPORT, kind, days },
    period: isWeek
      ? EMPTY_REPORT.period
      : { start: '2026-09-30T22:00:00.000Z', end: '2026-10-31T23:00:00.000Z', time_zone: 'Europe/Berlin' },
    ...{ watermark: { events: events * 8, erasures: 1 }, late_events: 12 },
    totals: {
      ...{ events, active_users: 512, new_users: 31, reported_errors: 87, sessions: 2310, agents: 8042 },
      ...{ avg_session_seconds: 1843.4, talked_seconds: 1_203_400, commands: 41_377, errors: 1204 },
      ...{ error_rate: 1204 / 49_419, avg_execution_time_ms: 764.2, p50_execution_time_ms: 312.6 },
      ...{ p95_execution_time_ms: 2840, p99_execution_time_ms: 64_000 },
      ...{ input_tokens: 18_400_213, output_tokens: 3_204_118 },
    },
    previous: {
      ...{
        events: 118_004,
        active_users: 498,
        new_users: 44,
        reported_errors: 87,
        sessions: 2402,
        agents: 7990,
      },
      ...{ avg_session_seconds: 1790, talked_seconds: 1_310_000, commands: 38_110, errors: 901 },
      ...{ error_rate: 901 / 46_100, avg_execution_time_ms: 750, p50_execution_time_ms: 309 },
      ...{ p95_execution_time_ms: 2790, p99_execution_time_ms: 58_000 },
      ...{ input_tokens: 17_000_000, output_tokens: 0 },
    },
    unusual: [
      {
        ...{ day: days[3]!.day, figure: 'events', value: 61_204, usual: 20_412.5 },
        text: `Thursday, ${isWeek ? 'November 19' : 'October 4'} had 61,204 events; usual are 20,412.5.`,
      },
    ],
    top_commands: topNames(COMMANDS, random),
    top_agents: topNames(['reviewer', 'planner', null], random),
    event_types: ['page_view', 'command_execution', 'agent_interaction', 'voice_metric', 'session_start'].map(
      (type, i) => ({ type, count: 60_000 >> i, previous: 58_000 >> i }),
    ),
    devices: [
      { value: 'laptop', count: 1400 },
      { value: 'phone', count: 700 },
      { value: '__rest__', count: 180 },
      { value: null, count: 30 },
    ],
    sentiments: [
      { value: 'positive', count: 4210 },
      { value: 'neutral', count: 3000 },
      { value: 'negative', count: 411 },
    ],
    users: Array.from({ length: users }, (_, i) => ({
      user_id: `user-${1000 + i}`,
      name: NAMES[i % NAMES.length]!,
      sessions: Math.max(1, 40 - i),
      talked_seconds: random.integer(0, 20_000),
      last_session_at: `2026-11-${20 + (i % 3)}T15:${10 + (i % 50)}:00.000Z`,
    })),
    users_with_sessions: users,
    quality: {
      ...{ received: events + 240, stored: events, duplicate: 228, dead_lettered: 12, rejected: 31 },
      rejections: [
        { code: 'unknown_type', count: 20 },
        { code: 'schema_violation', count: 11 },
      ],
      dead_letters: [
        { code: 'ts_out_of_range', count: 9 },
        { code: '22P05', count: 3 },
      ],
      types_with_other_series: ['page_view'],
    },
  });
}

function topNames(names: readonly (string | null)[], random: Random): TopName[] {
  return names.map((name, i) => {
    const count = 20_000 >> i;
    const errors = i === 2 ? 0 : Math.round(count * random.next() * 0.15);
    return {
      ...{ name, count, errors, error_rate: errors / count },
      ...{ p50_execution_time_ms: 100 + 77 * i, p95_execution_time_ms: 900 + 1200 * i },
    };
  });
}
