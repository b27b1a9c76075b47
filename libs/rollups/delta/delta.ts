import type { MeasurementJson } from '../measurement/measurement.js';

/** What a transaction adds to one series in one base bucket. Keys are short because it is stored per batch. */
export interface SeriesDelta {
  /** Dimensions. */
  readonly d: Readonly<Record<string, string>>;
  /** Start of the base bucket, seconds since the epoch. */
  readonly t: number;
  /** Events. */
  readonly c: number;
  /** Measures by name. */
  readonly m: Readonly<Record<string, MeasurementJson>>;
}

/**
 * What a transaction adds to one session. Every field merges commutatively, so the order and grouping of batches do
 * not affect the result: instants by min and max, user and device by the greatest name when events disagree.
 */
export interface SessionDelta {
  readonly session_id: string;
  /** Instants in milliseconds since the epoch. */
  first_seen: number;
  last_seen: number;
  ended_at: number | null;
  user_id: string | null;
  device: string | null;
  talked_seconds: number;
  events: number;
}

/**
 * A user was active on a day (UTC, `YYYY-MM-DD`). First and last quarter-hour say in which of two local days they were
 * active if midnight of a time zone falls within: offsets are multiples of 15 minutes.
 */
export interface UserDay {
  readonly day: string;
  readonly user_id: string;
  /** Quarter-hours of the day, 0 to 95. */
  first: number;
  last: number;
}

/** Everything one transaction adds for one organization. */
export interface OrganizationDelta {
  readonly types: ReadonlyMap<string, readonly SeriesDelta[]>;
  readonly sessions: readonly SessionDelta[];
  readonly userDays: readonly UserDay[];
}

/** Everything one transaction adds, by organization id. */
export type DeltasByOrganization = ReadonlyMap<string, OrganizationDelta>;
