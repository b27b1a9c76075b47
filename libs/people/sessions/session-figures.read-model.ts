import type { ClientBase } from 'pg';
import type { TimeRange } from '../activity/time-range.js';
import { countedSessions } from './counted-sessions.read-model.js';

/** Sessions of one device, or of all devices that are not among the most frequent ones. */
export interface DeviceSessions {
  /** Null: they name none. */
  readonly device: string | null;
  /** All other devices together. */
  readonly is_rest: boolean;
  readonly sessions: number;
}

/** Sessions that started in a range. */
export interface SessionFigures {
  readonly sessions: number;
  /** Events of these sessions. */
  readonly events: number;
  /** Seconds that they lasted together, each until it ended or, without an end, until its last event. */
  readonly seconds: number;
  /** The most frequent devices. */
  readonly devices: readonly DeviceSessions[];
}

/** Exact sums of numeric, so that they do not depend on the order of the rows. */
const FIGURES = `
  WITH ${countedSessions(
    (t) =>
      `${t}.first_seen >= to_timestamp($2::float8 / 1000) AND ${t}.first_seen < to_timestamp($3::float8 / 1000)`,
  )}, by_device AS (
    SELECT device, count(*) AS sessions, sum(events) AS events,
           sum(extract(epoch FROM coalesce(ended_at, last_seen) - first_seen)) AS seconds,
           row_number() OVER (ORDER BY count(*) DESC, device NULLS FIRST) > $4::int AS is_rest
    FROM found GROUP BY device
  )
  SELECT CASE WHEN NOT is_rest THEN device END AS device, is_rest, sum(sessions)::float8 AS sessions,
         sum(events)::float8 AS events, sum(seconds)::float8 AS seconds
  FROM by_device GROUP BY 1, is_rest ORDER BY is_rest, sessions DESC, device NULLS FIRST`;

/**
 * The sessions that started in a range.
 * @param client in a snapshot of the organization
 * @param devices how many of the most frequent devices are counted apart
 */
export async function sessionFigures(
  client: ClientBase,
  organizationId: string,
  { from, to }: TimeRange,
  devices: number,
): Promise<SessionFigures> {
  const { rows } = await client.query<DeviceSessions & Pick<SessionFigures, 'events' | 'seconds'>>(FIGURES, [
    ...[organizationId, from, to, devices],
  ]);
  const sum = (field: 'sessions' | 'events' | 'seconds') =>
    rows.reduce((total, row) => total + row[field], 0);
  return {
    ...{ sessions: sum('sessions'), events: sum('events'), seconds: sum('seconds') },
    devices: rows.map(({ device, is_rest, sessions }) => ({ device, is_rest, sessions })),
  };
}
