import type { ClientBase } from 'pg';
import type { PendingDeltas } from '#rollups';
import { IS_WITHIN } from '../activity/activity.read-model.js';
import { pendingParameters, pendingUserDays } from '../activity/pending-user-days.read-model.js';
import { spanOf } from '../activity/spans.js';
import type { TimeRange } from '../activity/time-range.js';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const floor = (epochMs: number, lengthMs: number) => Math.floor(epochMs / lengthMs) * lengthMs;
const ceil = (epochMs: number, lengthMs: number) => Math.ceil(epochMs / lengthMs) * lengthMs;

/** Users active in a quarter-hour at an end of the range, but maybe not in the part of it that belongs to the range. */
const candidates = (epochMs: string, quarter: 'first_quarter' | 'last_quarter') => `
  ARRAY(
    SELECT user_id FROM (
      SELECT user_id, day, ${quarter} FROM user_days WHERE organization_id = $1
      UNION ALL
      SELECT user_id, day, ${quarter} FROM pending
    ) AS d
    WHERE day = to_timestamp(${epochMs}::float8 / 1000)::date AND ${quarter} = mod(${epochMs}::bigint, ${DAY_MS}) / ${QUARTER_MS}
  )`;

const activeIn = (from: string, to: string, users: string) => `
  SELECT user_id FROM events_of_users($1, to_timestamp(${from}::float8 / 1000), to_timestamp(${to}::float8 / 1000), ${users})`;

/** The key has the days: the quarter-hours of 63,000 users and days would be read from the table. */
const IS_WHOLE_DAY = 'd.day >= s.from_day AND d.day < s.to_day';

/**
 * User days say who was active in whole quarter-hours. Events of few users tell the rest, less than one at each end.
 * @param within SQL that says which days count
 * @param ends what is left of the range at its ends
 */
const count = (within: string, ends: readonly string[]) => `
  WITH ${pendingUserDays(10)}, spans AS (
    SELECT to_timestamp($2::float8)::date AS from_day, to_timestamp($3::float8)::date AS to_day, $4::int AS from_quarter,
           $5::int AS to_quarter
  ), ends AS (
    -- Names the types of parameters that no end uses.
    SELECT $6::float8, $7::float8, $8::float8, $9::float8
  )
  SELECT count(*)::float8 AS users FROM (
    SELECT d.user_id FROM spans s JOIN user_days d ON d.organization_id = $1 AND ${within}
    UNION
    SELECT d.user_id FROM spans s JOIN pending d ON ${IS_WITHIN}
    ${ends.map((end) => `UNION ${end}`).join(' ')}
  ) AS active`;

const FIRST_END = activeIn('$6', '$7', candidates('$6', 'last_quarter'));
const LAST_END = activeIn('$8', '$9', candidates('$8', 'first_quarter'));

const COUNT_OF = `
  SELECT count(DISTINCT user_id)::float8 AS users
  FROM events_of_users($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4)`;

const COUNT_EVENTS = `
  SELECT count(DISTINCT user_id)::float8 AS users
  FROM events_between($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))`;

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
    private readonly pending: PendingDeltas,
  ) {}

  async count({ from, to }: TimeRange): Promise<number> {
    const end = await this.withoutEventsUntil(to);
    const [first, last] = [ceil(from, QUARTER_MS), floor(end, QUARTER_MS)];
    // Who was active before and after some hours of a day may not have been in between.
    const isWithinDay = floor(first, DAY_MS) === floor(last, DAY_MS) && first % DAY_MS !== 0;
    if (first >= last || isWithinDay) return this.users(COUNT_EVENTS, [from, end]);
    return this.countQuarters([from, first, last, end]);
  }

  /**
   * As `count`, of whole days of a time zone. Reads no events.
   * @param days they begin and end at quarter-hours, and no day in UTC goes on before and after them
   */
  countDays({ from, to }: TimeRange): Promise<number> {
    return this.countQuarters([from, from, to, to]);
  }

  /** Counts those of some users. */
  countOf({ from, to }: TimeRange, userIds: readonly string[]): Promise<number> {
    return this.users(COUNT_OF, [from, to, userIds]);
  }

  /** @param instants start of the range, its first and last quarter-hour, and its end */
  private async countQuarters(
    instants: readonly [from: number, first: number, last: number, end: number],
  ): Promise<number> {
    const [from, first, last, end] = instants;
    const pending = await this.pending.userDays(this.client, this.organizationId);
    const span = spanOf(0, first, last);
    const ends = [...(from < first ? [FIRST_END] : []), ...(last < end ? [LAST_END] : [])];
    const within = first % DAY_MS === 0 && last % DAY_MS === 0 ? IS_WHOLE_DAY : IS_WITHIN;
    return this.users(count(within, ends), [
      ...[span.from, span.to, span.fromQuarter, span.toQuarter],
      ...instants,
      ...pendingParameters(pending),
    ]);
  }

  /** The end of the day, if nothing happened between `to` and then; else `to`. Today is then a whole day. */
  private async withoutEventsUntil(to: number): Promise<number> {
    const end = ceil(to, DAY_MS);
    if (end === to) return to;
    const { rows } = await this.client.query<{ found: boolean }>(HAS_EVENTS, [this.organizationId, to, end]);
    return rows[0]!.found ? to : end;
  }

  private async users(text: string, values: readonly unknown[]): Promise<number> {
    const { rows } = await this.client.query<{ users: number }>(text, [this.organizationId, ...values]);
    return rows[0]!.users;
  }
}
