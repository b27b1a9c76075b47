import pg from 'pg';
import type { EventType } from '#catalog';
import { numberSql, stringSql } from './payload.store.js';
import type { Snapshot } from './snapshot.store.js';

/** A session's figures; instants in milliseconds since the epoch. */
export interface SessionFigures {
  readonly first_seen: number;
  readonly last_seen: number;
  readonly ended_at: number | null;
  readonly user_id: string | null;
  readonly device: string | null;
  readonly talked_seconds: number;
  readonly events: number;
}

export interface SessionPair {
  readonly organization_id: string;
  readonly session_id: string;
  readonly expected: SessionFigures | null;
  readonly found: SessionFigures | null;
}

export interface UserDayPair {
  readonly organization_id: string;
  readonly day: string;
  readonly user_id: string;
  /** Quarter-hours of the day; null: not active. */
  readonly expected: Quarters | null;
  readonly found: Quarters | null;
}

export interface Quarters {
  readonly first: number;
  readonly last: number;
}

/** A row of what is derived from user days: a user's week, month or first day. */
export interface DerivedPair {
  readonly organization_id: string;
  readonly kind: string;
  readonly day: string;
  readonly user_id: string;
  readonly expected: boolean;
  readonly found: boolean;
}

const SESSION_FIGURES = `
  (extract(epoch FROM min(first_seen)) * 1000)::float8 AS first_seen,
  (extract(epoch FROM max(last_seen)) * 1000)::float8 AS last_seen,
  (extract(epoch FROM max(ended_at)) * 1000)::float8 AS ended_at,
  max(user_id COLLATE "C") AS user_id, max(device COLLATE "C") AS device,
  sum(talked_seconds) AS talked_seconds, sum(events) AS events`;

/** SQL CASE over the event type: `expressionOf` gives the expression for a type, or null. */
function byType(types: readonly EventType[], expressionOf: (type: EventType) => string | null): string {
  const cases = types.flatMap((type) => {
    const expression = expressionOf(type);
    return expression === null ? [] : [`WHEN ${pg.escapeLiteral(type.name)} THEN ${expression}`];
  });
  return cases.length === 0 ? 'NULL' : `CASE type ${cases.join(' ')} END`;
}

function sessionPairs(types: readonly EventType[]): string {
  const device = byType(types, ({ session }) => (session?.device ? stringSql(session.device) : null));
  const talked = byType(types, ({ session }) => (session?.talkedTime ? numberSql(session.talkedTime) : null));
  const ended = byType(types, ({ session }) => (session?.ends ? 'ts' : null));
  return `
    WITH expected AS (
      SELECT organization_id, session_id, ${SESSION_FIGURES}
      FROM (
        SELECT organization_id, session_id, ts AS first_seen, ts AS last_seen, (${ended})::timestamptz AS ended_at,
               user_id, ${device} AS device, coalesce((${talked})::float8, 0) AS talked_seconds, 1 AS events
        FROM events WHERE session_id IS NOT NULL
      ) AS told GROUP BY organization_id, session_id
    ), found AS (
      SELECT organization_id, session_id, ${SESSION_FIGURES}
      FROM (
        SELECT organization_id, session_id, first_seen, last_seen, ended_at, user_id, device, talked_seconds, events
        FROM sessions
        UNION ALL
        SELECT organization_id, s.session_id, to_timestamp(s.first_seen / 1000), to_timestamp(s.last_seen / 1000),
               to_timestamp(s.ended_at / 1000), s.user_id, s.device, s.talked_seconds, s.events
        FROM activity_deltas, json_to_recordset(sessions) AS s(session_id text, first_seen float8,
          last_seen float8, ended_at float8, user_id text, device text, talked_seconds float8, events bigint)
      ) AS counted GROUP BY organization_id, session_id
    )
    SELECT organization_id, session_id, to_json(e) AS expected, to_json(f) AS found
    FROM expected e FULL JOIN found f USING (organization_id, session_id)`;
}

const USER_DAY_PAIRS = `
  WITH expected AS (
    SELECT organization_id, day, user_id, json_build_object('first', min(quarter), 'last', max(quarter)) AS quarters
    FROM (
      SELECT organization_id, date_trunc('day', ts, 'UTC')::date AS day, user_id,
             extract(hour FROM ts AT TIME ZONE 'UTC') * 4 + floor(extract(minute FROM ts AT TIME ZONE 'UTC') / 15) AS quarter
      FROM events WHERE user_id IS NOT NULL
    ) AS seen GROUP BY organization_id, day, user_id
  ), found AS (
    SELECT organization_id, day, user_id, json_build_object('first', min(first), 'last', max(last)) AS quarters
    FROM (
      SELECT organization_id, day, user_id, first_quarter AS first, last_quarter AS last FROM user_days
      UNION ALL
      SELECT organization_id, d.day, d.user_id, d.first, d.last
      FROM activity_deltas, json_to_recordset(user_days) AS d(day date, user_id text, first int, last int)
    ) AS counted GROUP BY organization_id, day, user_id
  )
  SELECT organization_id, day::text AS day, user_id, e.quarters AS expected, f.quarters AS found
  FROM expected e FULL JOIN found f USING (organization_id, day, user_id)`;

/** Weeks, months and first days before the days that retention leaves are not compared. */
const DERIVED_PAIRS = `
  WITH kept AS (
    SELECT d.organization_id, d.day, d.user_id, coalesce(h.metrics_from, '-infinity')::date AS since
    FROM user_days d LEFT JOIN horizons h ON h.organization_id = d.organization_id
  ), expected AS (
    SELECT DISTINCT organization_id, unit AS kind, date_trunc(unit, day::timestamp)::date AS day, user_id
    FROM kept, unnest(ARRAY['week', 'month']) AS unit
    WHERE date_trunc(unit, day::timestamp)::date >= since
    UNION ALL
    SELECT k.organization_id, 'first day', min(k.day), k.user_id
    FROM kept k LEFT JOIN user_first_days f ON f.organization_id = k.organization_id AND f.user_id = k.user_id
    WHERE f.first_day >= k.since OR f.first_day IS NULL
    GROUP BY k.organization_id, k.user_id
  ), derived AS (
    SELECT organization_id, unit AS kind, period AS day, user_id FROM user_periods
    UNION ALL
    SELECT organization_id, 'first day', first_day, user_id FROM user_first_days
  ), found AS (
    SELECT d.* FROM derived d LEFT JOIN horizons h ON h.organization_id = d.organization_id
    WHERE d.day >= coalesce(h.metrics_from, '-infinity')
  )
  SELECT organization_id, kind, day::text AS day, user_id, e.day IS NOT NULL AS expected, f.day IS NOT NULL AS found
  FROM expected e FULL JOIN found f USING (organization_id, kind, day, user_id)`;

/** SQL that compares sessions and user days, pending deltas included, with the events. */
export class ActivityStore {
  constructor(private readonly snapshot: Snapshot) {}

  sessionPairs(types: readonly EventType[]): AsyncGenerator<SessionPair> {
    return this.snapshot.stream(sessionPairs(types));
  }

  userDayPairs(): AsyncGenerator<UserDayPair> {
    return this.snapshot.stream(USER_DAY_PAIRS);
  }

  /** What compaction derives from user days, compared with them. */
  derivedPairs(): AsyncGenerator<DerivedPair> {
    return this.snapshot.stream(DERIVED_PAIRS);
  }
}
