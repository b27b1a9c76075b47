import type { ClientBase, Pool } from 'pg';
import { type Span, type SpanEnd, type SpanRow, spanOf } from './span.js';

/** Rows that one transaction moves, and blocks that it opens. */
const MAX_ROWS = 20_000;
const MAX_BLOCKS = 5;

const PENDING = `
  SELECT ts, id FROM event_rows
  WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND ($4::timestamptz IS NULL OR (ts, id) > ($4, $5::text))`;

/** A span ends with its last row, or with the last of the blocks that it may open, whichever comes first. */
const NEXT_SPAN = `
  WITH first AS (
    ${PENDING} ORDER BY ts, id LIMIT 1
  ), last AS (
    (${PENDING} ORDER BY ts, id OFFSET ${MAX_ROWS - 1} LIMIT 1)
    UNION ALL
    (${PENDING} ORDER BY ts DESC, id DESC LIMIT 1)
    LIMIT 1
  ), blocks AS (
    SELECT DISTINCT s.last_ts AS ts, s.last_id AS id FROM event_segments s, first
    WHERE s.organization_id = $1 AND s.last_ts >= $2 AND s.last_ts < $3 AND (s.last_ts, s.last_id) >= (first.ts, first.id)
    ORDER BY 1, 2 LIMIT ${MAX_BLOCKS}
  ), ends AS (
    SELECT ts, id FROM last
    UNION ALL
    (SELECT ts, id FROM blocks ORDER BY ts, id OFFSET ${MAX_BLOCKS - 1})
  )
  SELECT first.ts AS "firstTs", first.id AS "firstId", last.ts AS "lastTs", last.id AS "lastId"
  FROM first, (SELECT ts, id FROM ends ORDER BY ts, id LIMIT 1) AS last`;

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

  /** The first rows of an organization's day after a position, as many as one transaction moves; null: none are left. */
  async nextSpan(organizationId: string, { from, to }: Day, after: SpanEnd | null): Promise<Span | null> {
    const { rows } = await this.connection.query<SpanRow>({
      name: 'next-span',
      text: NEXT_SPAN,
      values: [organizationId, from, to, after?.ts ?? null, after?.id ?? null],
    });
    return rows[0] ? spanOf(organizationId, rows[0]) : null;
  }

  /**
   * Gives the disk space of the day's rows back, unless there are any. Call it in a transaction.
   * @throws the server's error 55P03 when others use the partition for longer than a second
   */
  async truncate({ from, to }: Day): Promise<void> {
    const partition = `event_rows_${from.toISOString().slice(0, 10).replaceAll('-', '')}`;
    // Only the partition's own lock keeps new rows out.
    await this.connection.query(
      `SET LOCAL lock_timeout = '1s'; LOCK TABLE ONLY ${partition} IN ACCESS EXCLUSIVE MODE`,
    );
    const { rowCount } = await this.connection.query(
      'SELECT FROM event_rows WHERE ts >= $1 AND ts < $2 LIMIT 1',
      [from, to],
    );
    if (rowCount === 0) await this.connection.query(`TRUNCATE ONLY ${partition}`);
  }
}
