import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { countedSessions } from '#people';
import type { TimeRange } from '../../../http/input/time-range.js';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';

/** A user's events of one type. */
export interface TypeOfUser {
  readonly type: string;
  readonly count: number;
  readonly first_ts: Date;
  readonly last_ts: Date;
}

export interface SessionTotals {
  readonly sessions: number;
  readonly talked_seconds: number;
}

/** Everything known about a user. */
export interface UserTotals extends SessionTotals {
  readonly profile: { readonly name: string | null; readonly email: string | null } | null;
  readonly active_days: number;
  readonly types: readonly TypeOfUser[];
}

/**
 * Of closed days, only the positions of the user's events are looked for, in blocks that may have some. `||` decompresses
 * an array once; subscripts would do it each time.
 */
const TYPES = `
  SELECT type, count(*)::float8 AS count, min(ts) AS first_ts, max(ts) AS last_ts
  FROM (
    SELECT type, ts FROM event_rows
    WHERE organization_id = $1 AND ts >= to_timestamp($2::float8 / 1000) AND ts < to_timestamp($3::float8 / 1000)
      AND user_id = $4
    UNION ALL
    SELECT coalesce(s.types[n], s.type), s.ts[n]
    FROM (
      SELECT s.type, s.ts || '{}' AS ts, s.types || '{}' AS types, array_positions(s.user_ids, $4) AS own
      FROM (
        SELECT last_ts, last_id FROM event_blocks
        WHERE organization_id = $1 AND last_ts >= to_timestamp($2::float8 / 1000)
          AND last_ts < to_timestamp($3::float8 / 1000) + interval '1 day' AND may_have_user(filter, $4)
        OFFSET 0
      ) AS b, event_segments s
      WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
        AND s.last_ts >= to_timestamp($2::float8 / 1000)
        AND s.last_ts < to_timestamp($3::float8 / 1000) + interval '1 day' AND $4 = ANY(s.user_ids)
      OFFSET 0
    ) AS s, unnest(s.own) AS n
    WHERE s.ts[n] >= to_timestamp($2::float8 / 1000) AND s.ts[n] < to_timestamp($3::float8 / 1000)
  ) AS own
  GROUP BY type ORDER BY count DESC, type`;

const SESSIONS = `
  WITH ${countedSessions((t) => `${t}.user_id = $2`)}
  SELECT count(*)::float8 AS sessions, coalesce(sum(talked_seconds), 0) AS talked_seconds FROM found`;

/** A day after another is one look-up in the key; the table has no index by user. $3 is the user as in the deltas' JSON. */
const ACTIVE_DAYS = `
  SELECT count(*)::float8 AS days FROM (
    SELECT d.day
    FROM user_first_days f, generate_series(f.first_day, $4::date, interval '1 day') AS possible(day), user_days d
    WHERE f.organization_id = $1 AND f.user_id = $2
      AND d.organization_id = $1 AND d.day = possible.day::date AND d.user_id = $2
    UNION
    SELECT p.day FROM activity_deltas, json_to_recordset(user_days) AS p(day date, user_id text)
    WHERE organization_id = $1 AND position($3 IN user_days::text) > 0 AND p.user_id = $2
  ) AS active`;

const PROFILE = 'SELECT name, email FROM users WHERE organization_id = $1 AND external_id = $2';

/** SQL of a user's totals. */
@Injectable()
export class UserSummaryReadModel {
  constructor(private readonly reads: TenantReads) {}

  /** @param range of all events that are kept */
  totals(reader: Reader, userId: string, { from, to }: TimeRange): Promise<UserTotals> {
    return this.reads.run(reader, async (client) => {
      const of = [reader.organizationId, userId];
      const types = await client.query<TypeOfUser>(TYPES, [reader.organizationId, from, to, userId]);
      const days = await client.query<{ days: number }>(ACTIVE_DAYS, [
        ...of,
        JSON.stringify(userId),
        new Date(to),
      ]);
      const profile = await client.query<{ name: string | null; email: string | null }>(PROFILE, of);
      return {
        ...(await sessionTotals(client, reader.organizationId, userId)),
        profile: profile.rows[0] ?? null,
        active_days: days.rows[0]!.days,
        types: types.rows,
      };
    });
  }

  /**
   * The sessions that count as a user's.
   * @returns null for a user without sessions and without a profile
   */
  sessions(reader: Reader, userId: string): Promise<SessionTotals | null> {
    return this.reads.run(reader, async (client) => {
      const totals = await sessionTotals(client, reader.organizationId, userId);
      const { rowCount } = await client.query(PROFILE, [reader.organizationId, userId]);
      return totals.sessions > 0 || rowCount === 1 ? totals : null;
    });
  }
}

async function sessionTotals(
  client: ClientBase,
  organizationId: string,
  userId: string,
): Promise<SessionTotals> {
  const { rows } = await client.query<SessionTotals>(SESSIONS, [organizationId, userId]);
  return rows[0]!;
}
