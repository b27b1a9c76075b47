import type { ClientBase, Pool } from 'pg';
import { MAX_OPENED, MAX_ROW_BYTES, MAX_ROWS, type NearbyBlock, type PendingSpan } from './plan-span.js';
import { type SpanEnd, type SpanRow, spanOf } from './span.js';

const PENDING_ROWS = `
  SELECT (array_agg(ts))[1] AS "firstTs", (array_agg(id))[1] AS "firstId",
         (array_agg(ts))[count(*)] AS "lastTs", (array_agg(id))[count(*)] AS "lastId",
         count(*)::int AS events, sum(bytes)::float8 AS "payloadBytes"
  FROM (
    SELECT ts, id, octet_length(payload::text) AS bytes
    FROM event_rows
    WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND ($4::timestamptz IS NULL OR (ts, id) > ($4, $5::text))
    ORDER BY ts, id LIMIT $6
  ) AS pending`;

const BLOCK = 'first_ts, first_id, last_ts, last_id, events, payload_bytes';

const NEARBY_BLOCKS = `
  SELECT first_ts AS "firstTs", first_id AS "firstId", last_ts AS "lastTs", last_id AS "lastId", events,
         payload_bytes::float8 AS "payloadBytes", (last_ts, last_id) < ($6, $7::text) AS "endsBefore",
         CASE WHEN (last_ts, last_id) < ($4, $5::text) THEN 'before'
              WHEN (first_ts, first_id) > ($6, $7) THEN 'after' ELSE 'overlapping' END AS place
  FROM (
    (SELECT ${BLOCK} FROM event_blocks
     WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $3 AND (last_ts, last_id) < ($4, $5)
     ORDER BY last_ts DESC, last_id DESC LIMIT 1)
    UNION ALL
    (SELECT ${BLOCK} FROM event_blocks
     WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $3 AND (last_ts, last_id) >= ($4, $5)
     ORDER BY last_ts, last_id LIMIT ${MAX_OPENED + 1})
  ) AS blocks ORDER BY last_ts, last_id`;

/** A half-open day, in UTC. */
export interface Day {
  readonly from: Date;
  readonly to: Date;
}

/** SQL that finds the rows of a day that is over, and empties its partition. */
export class ClosingStore {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** Prepares the day: from now on, it refuses events that are in its segments. */
  async begin({ from }: Day): Promise<void> {
    await this.connection.query('SELECT begin_closing($1::date)', [from.toISOString().slice(0, 10)]);
  }

  /** Days that are over before an instant and whose partition of rows takes space, oldest first. */
  async daysToClose(before: Date): Promise<Day[]> {
    const { rows } = await this.connection.query<{ from: Date; to: Date }>(
      `SELECT day AS from, day + interval '1 day' AS to
       FROM (SELECT oid, to_date(right(relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS day FROM pg_class
             WHERE relname ~ '^event_rows_[0-9]{8}$' AND relnamespace = 'public'::regnamespace) AS days
       WHERE day + interval '1 day' <= $1 AND pg_relation_size(oid) > 0
       ORDER BY day`,
      [before],
    );
    return rows;
  }

  /** The organization after another one that has rows on the day; null when there is none. */
  async nextOrganization({ from, to }: Day, after: string | null): Promise<string | null> {
    const { rows } = await this.connection.query<{ id: string }>(
      `SELECT organization_id AS id FROM event_rows
       WHERE ts >= $1 AND ts < $2 AND ($3::uuid IS NULL OR organization_id > $3)
       ORDER BY organization_id LIMIT 1`,
      [from, to, after],
    );
    return rows[0]?.id ?? null;
  }

  /**
   * The first rows of an organization's day after a position, as many as one transaction moves; null: none are left.
   * Call it in a transaction.
   */
  async pendingRows(
    organizationId: string,
    { from, to }: Day,
    after: SpanEnd | null,
  ): Promise<PendingSpan | null> {
    // The key has this order; PostgreSQL would rather sort the whole day when its statistics are old.
    await this.connection.query('SET LOCAL enable_sort = off');
    for (let limit = MAX_ROWS; ; ) {
      const { rows } = await this.connection.query<SpanRow>({
        name: 'pending-rows',
        text: PENDING_ROWS,
        values: [organizationId, from, to, after?.ts ?? null, after?.id ?? null, limit],
      });
      const span = spanOf(rows[0]!);
      if (span.events === 0) return null;
      if (span.payloadBytes <= MAX_ROW_BYTES || span.events === 1)
        return { ...span, isRest: span.events < limit };
      limit = Math.max(1, Math.floor((span.events * MAX_ROW_BYTES) / span.payloadBytes));
    }
  }

  /** The block in front of a span, those that overlap it, and the one after it, in order. */
  async nearbyBlocks(
    organizationId: string,
    { from, to }: Day,
    { first, last }: PendingSpan,
  ): Promise<NearbyBlock[]> {
    const { rows } = await this.connection.query<SpanRow & Pick<NearbyBlock, 'place' | 'endsBefore'>>({
      name: 'nearby-blocks',
      text: NEARBY_BLOCKS,
      values: [organizationId, from, to, first.ts, first.id, last.ts, last.id],
    });
    return rows.map(({ place, endsBefore, ...block }) => ({ ...spanOf(block), place, endsBefore }));
  }

  /** Removes the filters of the day's rows. What is left of the rows is looked at one by one. */
  async forgetRowBlocks({ from, to }: Day): Promise<void> {
    await this.connection.query('DELETE FROM row_blocks WHERE last_ts >= $1 AND last_ts < $2', [from, to]);
  }

  /**
   * Gives the disk space of the day's rows back, unless there are any. Call it in a transaction.
   * @throws the server's error 55P03 when others use the partition for longer than two seconds
   */
  async truncate({ from, to }: Day): Promise<void> {
    const partition = `event_rows_${from.toISOString().slice(0, 10).replaceAll('-', '')}`;
    // Only the partition's own lock keeps new rows out. A second passes until PostgreSQL cancels an autovacuum for it.
    await this.connection.query(
      `SET LOCAL lock_timeout = '2s'; LOCK TABLE ONLY ${partition} IN ACCESS EXCLUSIVE MODE`,
    );
    const { rowCount } = await this.connection.query(
      'SELECT FROM event_rows WHERE ts >= $1 AND ts < $2 LIMIT 1',
      [from, to],
    );
    if (rowCount === 0) await this.connection.query(`TRUNCATE ONLY ${partition}`);
  }
}
