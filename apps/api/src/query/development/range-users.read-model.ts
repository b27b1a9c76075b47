import type { ClientBase } from 'pg';
import type { TimeRange } from '../../http/input/time-range.js';

const DAY_MS = 86_400_000;
const floorDay = (epochMs: number) => Math.floor(epochMs / DAY_MS) * DAY_MS;
const ceilDay = (epochMs: number) => Math.ceil(epochMs / DAY_MS) * DAY_MS;

/** Whole days are known from user_days and its deltas; only the parts of days at both ends are read from raw events. */
const COUNT = `
  SELECT count(*)::float8 AS users FROM (
    SELECT user_id FROM user_days
    WHERE organization_id = $1 AND day >= to_timestamp($2::float8 / 1000)::date
      AND day < to_timestamp($3::float8 / 1000)::date
    UNION
    SELECT d.user_id FROM activity_deltas, json_to_recordset(user_days) AS d(day date, user_id text)
    WHERE organization_id = $1 AND d.day >= to_timestamp($2::float8 / 1000)::date
      AND d.day < to_timestamp($3::float8 / 1000)::date
    UNION
    SELECT user_id FROM events_between($1, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000))
    WHERE user_id IS NOT NULL
    UNION
    SELECT user_id FROM events_between($1, to_timestamp($6::float8 / 1000), to_timestamp($7::float8 / 1000))
    WHERE user_id IS NOT NULL
  ) AS active`;

const COUNT_OF = `
  SELECT count(DISTINCT user_id)::float8 AS users
  FROM events_of_users($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4)`;

const HAS_EVENTS = `
  SELECT EXISTS (
    SELECT FROM events_between($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))
  ) AS found`;

/** Counts the distinct users with events in a range. */
export class RangeUsersReadModel {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async count({ from, to }: TimeRange): Promise<number> {
    const end = await this.withoutEventsUntil(to);
    const firstDay = ceilDay(from);
    const lastDay = Math.max(firstDay, floorDay(end));
    // Within one day there is no whole day, and only one part.
    const parts = firstDay > end ? [from, end, end, end] : [from, firstDay, lastDay, end];
    return this.users(COUNT, [firstDay, lastDay, ...parts]);
  }

  /** Counts those of some users. */
  countOf({ from, to }: TimeRange, userIds: readonly string[]): Promise<number> {
    return this.users(COUNT_OF, [from, to, userIds]);
  }

  /** The end of the day, if nothing happened between `to` and then; else `to`. Today is then a whole day. */
  private async withoutEventsUntil(to: number): Promise<number> {
    const end = ceilDay(to);
    if (end === to) return to;
    const { rows } = await this.client.query<{ found: boolean }>(HAS_EVENTS, [this.organizationId, to, end]);
    return rows[0]!.found ? to : end;
  }

  private async users(text: string, values: readonly unknown[]): Promise<number> {
    const { rows } = await this.client.query<{ users: number }>(text, [this.organizationId, ...values]);
    return rows[0]!.users;
  }
}
