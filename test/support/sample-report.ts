import type { PeriodFigures, Report } from '#reports';

const figures: PeriodFigures = {
  ...{
    events: 12_480,
    active_users: 45,
    new_users: 3,
    commands: 900,
    agents: 120,
    errors: 51,
    error_rate: 0.05,
  },
  ...{
    reported_errors: 7,
    avg_execution_time_ms: 264.5,
    p50_execution_time_ms: 180,
    p95_execution_time_ms: 910,
  },
  ...{ p99_execution_time_ms: 12_400, input_tokens: 48_000, output_tokens: 12_500, sessions: 310 },
  ...{ avg_session_seconds: 1840, talked_seconds: 18_720 },
};
const nothing = Object.fromEntries(
  Object.entries(figures).map(([name]) => [name, /^(avg|p\d|error_rate)/.test(name) ? null : 0]),
) as unknown as PeriodFigures;

/** A report of the week from 16 November 2026. */
export const sampleReport = (more: Partial<Report> = {}): Report => ({
  kind: 'weekly',
  period: { start: '2026-11-16T00:00:00.000Z', end: '2026-11-23T00:00:00.000Z', time_zone: 'UTC' },
  watermark: { events: 100_000, erasures: 0 },
  computed_at: '2026-11-23T00:10:00.000Z',
  late_events: 0,
  totals: figures,
  previous: { ...figures, events: 11_000, active_users: 0, errors: 80, error_rate: 0.078 },
  change: { ...nothing, events: 0.1345, active_users: null, errors: -0.3625, error_rate: -0.359 },
  days: [16, 17, 18, 19, 20, 21, 22].map((day) => ({
    ...{ day: `2026-11-${day}`, events: 1000 + day, active_users: 20, new_users: 1, errors: 3 },
  })),
  unusual: [
    {
      ...{ day: '2026-11-18', figure: 'errors', value: 42, usual: 6 },
      text: 'On Wednesday, 18 November, there were 42 errors, where 6 are usual.',
    },
  ],
  top_commands: ['plan', 'apply & destroy', '<b>fmt</b>'].map((name, i) => ({
    ...{ name, count: 500 - i * 100, errors: 10, error_rate: 0.02 * i },
    ...{ p50_execution_time_ms: 180, p95_execution_time_ms: 910 * (i + 1) },
  })),
  top_agents: [
    {
      ...{ name: null, count: 120, errors: 0, error_rate: 0 },
      ...{ p50_execution_time_ms: 2000, p95_execution_time_ms: 25_000 },
    },
  ],
  event_types: [
    { type: 'page_view', count: 9000, previous: 8800 },
    { type: 'command_execution', count: 900, previous: 750 },
  ],
  devices: [{ value: 'phone', count: 200 }],
  sentiments: [],
  users: ['Ada Lovelace', null, 'a-user-id-that-is-very-long-and-has-no-space-in-it@example.com'].map(
    (name, i) => ({
      ...{ user_id: `user-${i}`, name, sessions: 40 - i, talked_seconds: 3000 / (i + 1) },
      last_session_at: '2026-11-22T17:45:00.000Z',
    }),
  ),
  users_with_sessions: 45,
  quality: {
    ...{ received: 12_500, stored: 12_480, duplicate: 18, dead_lettered: 2 },
    ...{ dead_letters: [{ code: '22P02', count: 2 }], types_with_other_series: ['page_view'] },
  },
  ...more,
});

/** A report of a week in which nothing happened. */
export const emptyReport = (): Report =>
  sampleReport({
    ...{ totals: nothing, previous: nothing, change: nothing, unusual: [], top_commands: [], top_agents: [] },
    ...{ event_types: [], users: [], users_with_sessions: 0, devices: [] },
    quality: {
      ...{ received: 0, stored: 0, duplicate: 0, dead_lettered: 0 },
      ...{ dead_letters: [], types_with_other_series: [] },
    },
  });
