import type { ClientBase } from 'pg';
import { type PendingDeltas, type UserDay, WINDOW_SECONDS } from '#rollups';
import type { TimeRange } from '../../http/input/time-range.js';
import type { EventFilter } from './event-filter.js';

const QUARTER_MS = 900_000;

/** A day after another is one look-up in the key. */
const DAYS_OF_USER = `
  SELECT to_char(d.day, 'YYYY-MM-DD') AS day, d.user_id, d.first_quarter AS first, d.last_quarter AS last
  FROM generate_series(to_timestamp($3::float8 / 1000)::date, to_timestamp($4::float8 / 1000)::date, interval '1 day')
         AS possible(day), user_days d
  WHERE d.organization_id = $1 AND d.day = possible.day::date AND d.user_id = $2`;

/** A millisecond more, because fractions are rounded. */
const SPAN_OF_SESSION = `
  SELECT extract(epoch FROM first_seen)::float8 * 1000 - 1 AS "from", extract(epoch FROM last_seen)::float8 * 1000 + 1 AS "to"
  FROM sessions WHERE organization_id = $1 AND session_id = $2`;

/** The first and the last bucket with the type. */
const BUCKETS_OF_TYPE = ['ASC', 'DESC']
  .map(
    (order) => `
      (SELECT extract(epoch FROM bucket)::float8 * 1000 AS "from", extract(epoch FROM bucket)::float8 * 1000 + ${QUARTER_MS} AS "to"
       FROM rollups
       WHERE organization_id = $1 AND type = $2 AND measure = '' AND window_seconds = ${WINDOW_SECONDS['15m']}
         AND bucket >= to_timestamp($3::float8 / 1000) AND bucket < to_timestamp($4::float8 / 1000)
       ORDER BY bucket ${order} LIMIT 1)`,
  )
  .join(' UNION ALL ');

/**
 * Says when there may be events of a user, a session or a type, from what is counted of them. Deltas that are not compacted
 * are read before what is: what is compacted in between is in both.
 */
export class ActiveRanges {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
    private readonly pending: PendingDeltas,
  ) {}

  /** @returns ranges outside of which the filter matches nothing, in any order; null: it may match anywhere */
  async of({ userId, sessionId, type, from, to }: EventFilter): Promise<readonly TimeRange[] | null> {
    if (userId !== undefined) return this.ofUser(userId, from, to);
    if (sessionId !== undefined) return this.ofSession(sessionId);
    return type === undefined ? null : this.ofType(type, from, to);
  }

  private async ofUser(userId: string, from: number, to: number): Promise<TimeRange[]> {
    const pending = await this.pending.userDays(this.client, this.organizationId);
    const values = [this.organizationId, userId, from, to];
    const { rows } = await this.client.query<UserDay>(DAYS_OF_USER, values);
    const own = pending.filter(({ user_id }) => user_id === userId);
    return [...own, ...rows].map(({ day, first, last }) => ({
      from: Date.parse(day) + first * QUARTER_MS,
      to: Date.parse(day) + (last + 1) * QUARTER_MS,
    }));
  }

  private async ofSession(sessionId: string): Promise<TimeRange[]> {
    const pending = await this.pending.sessions(this.client, this.organizationId);
    const ranges: TimeRange[] = [];
    for (const { session_id, first_seen, last_seen } of pending) {
      if (session_id === sessionId) ranges.push({ from: first_seen - 1, to: last_seen + 1 });
    }
    const { rows } = await this.client.query<TimeRange>(SPAN_OF_SESSION, [this.organizationId, sessionId]);
    return [...ranges, ...rows];
  }

  /** From the first to the last event. */
  private async ofType(type: string, from: number, to: number): Promise<TimeRange[]> {
    const ranges: TimeRange[] = [];
    for (const { series } of await this.pending.series(this.client, this.organizationId, [type])) {
      for (const { t } of series) ranges.push({ from: t * 1000, to: t * 1000 + QUARTER_MS });
    }
    const values = [this.organizationId, type, from - QUARTER_MS, to];
    ranges.push(...(await this.client.query<TimeRange>(BUCKETS_OF_TYPE, values)).rows);
    return ranges.length === 0 ? [] : [hull(ranges)];
  }
}

const hull = (ranges: readonly TimeRange[]): TimeRange => ({
  from: ranges.reduce((min, { from }) => Math.min(min, from), Number.POSITIVE_INFINITY),
  to: ranges.reduce((max, { to }) => Math.max(max, to), Number.NEGATIVE_INFINITY),
});
