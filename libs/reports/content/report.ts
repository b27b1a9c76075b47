import type { ActivityFigures } from '#people';
import type { ReportKind } from '../period/report-period.js';

/** Figures of a whole period. */
export interface PeriodFigures extends ActivityFigures {
  readonly events: number;
  readonly active_users: number;
  /** Active for the first time ever. */
  readonly new_users: number;
  /** Events `error_occurred`; `errors` are those of commands and agents. */
  readonly reported_errors: number;
  /** Sessions that started in the period. */
  readonly sessions: number;
  /** Null without sessions. */
  readonly avg_session_seconds: number | null;
  readonly talked_seconds: number;
}

/** Change of each figure against the period before, as a share of it; null where it was 0 or had no value. */
export type Changes = { readonly [K in keyof PeriodFigures]: number | null };

export interface ReportDay {
  /** Local date, `YYYY-MM-DD`. */
  readonly day: string;
  readonly events: number;
  readonly active_users: number;
  readonly new_users: number;
  /** Of commands and agents. */
  readonly errors: number;
}

/** A day far from what is usual. */
export interface UnusualDay {
  readonly day: string;
  readonly figure: 'events' | 'active_users' | 'errors';
  readonly value: number;
  /** The median of the days of the eight weeks before. */
  readonly usual: number;
  /** The same in words. */
  readonly text: string;
}

/** A command or an agent in the period. */
export interface TopName {
  readonly name: string | null;
  readonly count: number;
  readonly errors: number;
  readonly error_rate: number | null;
  readonly p50_execution_time_ms: number | null;
  readonly p95_execution_time_ms: number | null;
}

export interface TypeFigures {
  readonly type: string;
  readonly count: number;
  readonly previous: number;
}

/** How many events or sessions have a value; null: none. */
export interface ValueCount {
  readonly value: string | null;
  readonly count: number;
}

export interface ReportUser {
  readonly user_id: string;
  readonly name: string | null;
  /** Sessions that started in the period. */
  readonly sessions: number;
  readonly talked_seconds: number;
  /** Last event of these sessions. */
  readonly last_session_at: string;
}

/** What became of what was received in the period. */
export interface Quality {
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly dead_lettered: number;
  /** Events that intake refused, each named in the answer to its sender; they are not among those received. */
  readonly rejected: number;
  /** The same by code. */
  readonly rejections: readonly { readonly code: string; readonly count: number }[];
  /** Dead letters of the period that are still there, by code. */
  readonly dead_letters: readonly { readonly code: string; readonly count: number }[];
  /** Event types with so many series on some day that further ones were counted under `__other__`. */
  readonly types_with_other_series: readonly string[];
}

/** What a report was computed from. While it is the same, so is the report. */
export interface Watermark {
  /** Events in the period and the eight weeks before. */
  readonly events: number;
  /** Finished erasures of the organization. */
  readonly erasures: number;
}

/** A stored report, without its id. Instants are RFC 3339. */
export interface Report {
  readonly kind: ReportKind;
  readonly period: { readonly start: string; readonly end: string; readonly time_zone: string };
  readonly watermark: Watermark;
  readonly computed_at: string;
  /** Events that came after the report was first computed, as far as they count in it. */
  readonly late_events: number;
  readonly totals: PeriodFigures;
  readonly previous: PeriodFigures;
  readonly change: Changes;
  readonly days: readonly ReportDay[];
  readonly unusual: readonly UnusualDay[];
  readonly top_commands: readonly TopName[];
  readonly top_agents: readonly TopName[];
  readonly event_types: readonly TypeFigures[];
  readonly devices: readonly ValueCount[];
  readonly sentiments: readonly ValueCount[];
  /** Those with the most sessions, at most 10,000. */
  readonly users: readonly ReportUser[];
  /** All users with sessions. */
  readonly users_with_sessions: number;
  readonly quality: Quality;
}
