import type { RetentionSetting } from './cutoffs.js';

/** Rows of a table that go when they are old. */
export interface RowsRule {
  readonly name: string;
  readonly table: string;
  readonly setting: RetentionSetting;
  /** Instant or day of a row. */
  readonly column: string;
  /** Columns of an index before `column`, except the organization. Batches follow that index. */
  readonly prefix?: readonly string[];
  /** True for a table without organizations. */
  readonly isShared?: true;
  /** Condition on rows `t` that go, among the old ones; `$cutoff` stands for the first instant that is kept. Absent: all. */
  readonly only?: string;
  /** The last row of each `prefix` stays, however old it is. */
  readonly keepsLast?: true;
  /** How many more days they stay. */
  readonly extraDays?: number;
  /** What a deleted row `t` adds to `horizons.gone_events`. */
  readonly addsGone?: string;
}

/** What `days` and `events` delete: whole days of all organizations, then single events of those that keep less. */
export const DAYS = 'days';
export const EVENTS = 'events';

/** The series of the days whose events are gone. */
export const SERIES = 'series';

/** Tables that `days`, `events` and `series` empty. */
export const EVENT_TABLES = [
  ...['event_rows', 'event_blocks', 'event_segments'],
  ...['series_counts', 'admitted_series'],
] as const;

/** Every rule that deletes rows in batches, one per line. */
export const ROWS_RULES: readonly RowsRule[] = [
  rows('row_blocks', 'EVENT_RETENTION_DAYS', 'last_ts'),
  rows('rollups', 'MINUTE_ROLLUP_RETENTION_DAYS', 'bucket', {
    name: 'minute_rollups',
    prefix: ['type', 'measure', 'window_seconds'],
    only: 't.window_seconds <= 300',
  }),
  rows('rollups', 'METRICS_RETENTION_DAYS', 'bucket', {
    prefix: ['type', 'measure', 'window_seconds'],
    only: 't.window_seconds > 300',
  }),
  rows('erased_deltas', 'METRICS_RETENTION_DAYS', 'day', { prefix: ['type'] }),
  // Some go on for longer than anything is kept.
  rows('sessions', 'METRICS_RETENTION_DAYS', 'first_seen', { only: 't.last_seen < $cutoff' }),
  rows('user_days', 'METRICS_RETENTION_DAYS', 'day'),
  // A month that begins 31 days before the cutoff may have days after it.
  rows('user_periods', 'METRICS_RETENTION_DAYS', 'period', { prefix: ['unit'], extraDays: 31 }),
  rows('daily_metrics', 'METRICS_RETENTION_DAYS', 'day'),
  rows('daily_metric_days', 'METRICS_RETENTION_DAYS', 'day'),
  rows('reports', 'METRICS_RETENTION_DAYS', 'period_start', { prefix: ['kind'] }),
  rows('report_mails', 'METRICS_RETENTION_DAYS', 'planned_at'),
  rows('alerts', 'METRICS_RETENTION_DAYS', 'started_at', { only: "t.state = 'resolved'" }),
  rows('alert_notifications', 'METRICS_RETENTION_DAYS', 'created_at'),
  rows('dead_letters', 'DEAD_LETTER_RETENTION_DAYS', 'received_at'),
  rows('rejections', 'METRICS_RETENTION_DAYS', 'bucket'),
  rows('ledger', 'LEDGER_RETENTION_DAYS', 'received_at', { addsGone: '-t.stored' }),
  rows('erased_receipts', 'LEDGER_RETENTION_DAYS', 'received_at', { addsGone: 't.events' }),
  rows('audit_log', 'AUDIT_LOG_RETENTION_DAYS', 'at'),
  // The scheduler goes on from the last run of a job.
  rows('job_runs', 'JOB_RUN_RETENTION_DAYS', 'slot', {
    prefix: ['job'],
    isShared: true,
    keepsLast: true,
  }),
  rows('health_checks', 'HEALTH_CHECK_RETENTION_DAYS', 'slot', { isShared: true }),
  rows('performance_reports', 'METRICS_RETENTION_DAYS', 'computed_at', { isShared: true }),
  rows('query_hours', 'HEALTH_CHECK_RETENTION_DAYS', 'hour', { isShared: true }),
  rows('answer_cache_hours', 'HEALTH_CHECK_RETENTION_DAYS', 'hour', { isShared: true }),
  rows('job_failures', 'JOB_RUN_RETENTION_DAYS', 'failed_at', { prefix: ['job'], isShared: true }),
  rows('job_acts', 'AUDIT_LOG_RETENTION_DAYS', 'at', { isShared: true }),
];

function rows(
  table: string,
  setting: RetentionSetting,
  column: string,
  more: Partial<RowsRule> = {},
): RowsRule {
  return { name: table, table, setting, column, ...more };
}
