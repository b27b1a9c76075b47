import type { ClientBase, Pool } from 'pg';

/** A day with partitions of events; instants in milliseconds since the epoch. */
export interface EventDay {
  readonly from: number;
  readonly to: number;
  /** Of all its partitions, with indexes. */
  readonly bytes: number;
}

/** An organization that keeps its events for longer has some on the day. */
export class StillKept extends Error {}

/** SQL of the partitions of days. */
export class EventDayStore {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** Days that end before or at an instant, oldest first. */
  async before(instant: number): Promise<EventDay[]> {
    const { rows } = await this.connection.query<EventDay>(
      `SELECT (extract(epoch FROM day) * 1000)::float8 AS from,
              (extract(epoch FROM day + interval '24 hours') * 1000)::float8 AS to, sum(bytes)::float8 AS bytes
       FROM (SELECT to_date(right(relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS day,
                    pg_total_relation_size(oid) AS bytes
             FROM pg_class
             WHERE relname ~ '^event_(rows|blocks|segments)_[0-9]{8}$' AND relnamespace = 'public'::regnamespace) AS days
       WHERE day + interval '24 hours' <= $1
       GROUP BY day ORDER BY day`,
      [new Date(instant)],
    );
    return rows;
  }

  /** Number of events of a day, by its blocks and rows. */
  async events({ from, to }: EventDay): Promise<number> {
    const { rows } = await this.connection.query<{ events: number }>(
      `SELECT ((SELECT count(*) FROM event_rows WHERE ts >= $1 AND ts < $2)
               + (SELECT coalesce(sum(events), 0) FROM event_blocks WHERE last_ts >= $1 AND last_ts < $2))::float8 AS events`,
      [new Date(from), new Date(to)],
    );
    return rows[0]!.events;
  }

  /**
   * Drops a day and notes how many events of each organization are gone. Call it in a transaction.
   * @param lockMs for how long it waits for each lock
   * @returns number of events
   * @throws StillKept; the server's error 55P03 when others use the tables for longer
   */
  async drop({ from, to }: EventDay, lockMs: number): Promise<number> {
    const range = [new Date(from), new Date(to)];
    const day = range[0]!.toISOString().slice(0, 10);
    await this.connection.query(`SET LOCAL lock_timeout = ${Math.floor(lockMs)}`);
    await this.connection.query('SELECT lock_event_day($1::date)', [day]);
    const { rows } = await this.connection.query<{ events: number; kept: number }>(COUNT_GONE, range);
    const { events, kept } = rows[0]!;
    if (kept > 0) throw new StillKept(`${kept} organizations keep their events of ${day}`);
    await this.connection.query('SELECT drop_event_day($1::date)', [day]);
    return events;
  }
}

/** Adds the events of a day to what is gone, for the organizations whose horizon is behind it. */
const COUNT_GONE = `
  WITH counted AS (
    SELECT organization_id, sum(events) AS events FROM (
      SELECT organization_id, count(*) AS events FROM event_rows WHERE ts >= $1 AND ts < $2 GROUP BY organization_id
      UNION ALL
      SELECT organization_id, sum(events) FROM event_blocks WHERE last_ts >= $1 AND last_ts < $2 GROUP BY organization_id
    ) AS parts GROUP BY organization_id
  ), noted AS (
    UPDATE horizons h SET gone_events = h.gone_events + c.events FROM counted c
    WHERE h.organization_id = c.organization_id AND h.events_from >= $2 RETURNING c.events
  )
  SELECT coalesce((SELECT sum(events) FROM noted), 0)::float8 AS events,
         ((SELECT count(*) FROM counted) - (SELECT count(*) FROM noted))::int AS kept`;
