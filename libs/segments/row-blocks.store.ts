import type { ClientBase, Pool } from 'pg';
import type { Day } from './closing.store.js';
import type { SpanEnd } from './span.js';

/** Rows between two positions. */
const between = (after: string, until: string) => `
  ts >= $2 AND ts <= $4 AND (ts, id) > (${after}) AND (ts, id) ${until}`;

/** The filter of the rows between two positions, see may_have. */
const filterOf = (rows: string) => `
  SELECT filter_entry('') || coalesce(string_agg(filter_entry(entry), ''), '') FROM (
    SELECT CASE WHEN GROUPING(user_id) = 0 THEN 'user ' || user_id
                WHEN GROUPING(session_id) = 0 THEN 'session ' || session_id
                ELSE 'type ' || type END AS entry
    FROM event_rows WHERE organization_id = $1 AND ${rows}
    GROUP BY GROUPING SETS (user_id, session_id, type)
  ) AS entries`;

/** The row at place $6 after position $2, $3, if there is one before position $4, $5. */
const ROW_AT = `
  SELECT ts, id FROM event_rows WHERE organization_id = $1 AND ${between('$2, $3::text', '< ($4::timestamptz, $5::text)')}
  ORDER BY ts, id OFFSET $6::int - 1 LIMIT 1`;

/** The last row after position $2, $3 and before position $4, $5. */
const LAST_ROW = `
  SELECT ts, id FROM event_rows WHERE organization_id = $1 AND ${between('$2, $3::text', '< ($4::timestamptz, $5::text)')}
  ORDER BY ts DESC, id DESC LIMIT 1`;

const add = (last: string) => `
  INSERT INTO row_blocks (organization_id, after_ts, after_id, last_ts, last_id, filter)
  SELECT $1, $2, $3, last.ts, last.id, (${filterOf(between('$2, $3', '<= (last.ts, last.id)'))})
  FROM (${last}) AS last
  RETURNING last_ts AS ts, last_id AS id`;
const ADD = add(ROW_AT);
const ADD_REST = add(LAST_ROW);

const REFRESH = `
  UPDATE row_blocks SET after_ts = $2, after_id = $3, is_stale = false,
    filter = (${filterOf(between('$2, $3::text', '<= ($4, $5::text)'))})
  WHERE organization_id = $1 AND last_ts = $4 AND last_id = $5`;

/** A block whose filter has to be made again. */
export interface StaleBlock {
  readonly after: SpanEnd;
  readonly last: SpanEnd;
}

/** SQL of the blocks of rows of one organization. Call it in a transaction that holds its compaction lock. */
export class RowBlocksStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** Prefers the order of the key, whatever the statistics say. */
  async prepare(): Promise<void> {
    await this.client.query(
      'SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off',
    );
  }

  /** Where the last block of a day ends; its start when there is none. */
  async end({ from, to }: Day): Promise<SpanEnd> {
    const { rows } = await this.client.query<SpanEnd>(
      `SELECT last_ts AS ts, last_id AS id FROM row_blocks WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $3
       ORDER BY last_ts DESC, last_id DESC LIMIT 1`,
      [this.organizationId, from, to],
    );
    return rows[0] ?? { ts: from, id: '' };
  }

  /** Some blocks of a day to which rows may have been added. */
  async stale({ from, to }: Day, limit: number): Promise<StaleBlock[]> {
    const { rows } = await this.client.query<{
      afterTs: Date;
      afterId: string;
      lastTs: Date;
      lastId: string;
    }>(
      `SELECT after_ts AS "afterTs", after_id AS "afterId", last_ts AS "lastTs", last_id AS "lastId" FROM row_blocks
       WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $3 AND is_stale ORDER BY last_ts, last_id LIMIT $4`,
      [this.organizationId, from, to, limit],
    );
    return rows.map(({ afterTs, afterId, lastTs, lastId }) => ({
      after: { ts: afterTs, id: afterId },
      last: { ts: lastTs, id: lastId },
    }));
  }

  /** Whether at least so many rows lie between two positions. */
  async has(rows: number, after: SpanEnd, until: SpanEnd): Promise<boolean> {
    const found = await this.client.query({
      name: 'row-at',
      text: ROW_AT,
      values: [this.organizationId, after.ts, after.id, until.ts, until.id, rows],
    });
    return found.rows.length > 0;
  }

  /**
   * Adds a block of so many rows.
   * @returns its end; null when there are not that many between the positions
   */
  async add(rows: number, after: SpanEnd, until: SpanEnd): Promise<SpanEnd | null> {
    const added = await this.client.query<SpanEnd>({
      name: 'add-row-block',
      text: ADD,
      values: [this.organizationId, after.ts, after.id, until.ts, until.id, rows],
    });
    return added.rows[0] ?? null;
  }

  /**
   * Adds a block of all rows between two positions.
   * @returns its end; null when there are none
   */
  async addRest(after: SpanEnd, until: SpanEnd): Promise<SpanEnd | null> {
    const added = await this.client.query<SpanEnd>({
      name: 'add-rest-of-rows',
      text: ADD_REST,
      values: [this.organizationId, after.ts, after.id, until.ts, until.id],
    });
    return added.rows[0] ?? null;
  }

  /** Lets a block begin after a position, and makes its filter again. */
  async refresh(after: SpanEnd, last: SpanEnd): Promise<void> {
    await this.client.query({
      name: 'refresh-row-block',
      text: REFRESH,
      values: [this.organizationId, after.ts, after.id, last.ts, last.id],
    });
  }

  /** Lets a block begin after a position. */
  async shorten(after: SpanEnd, last: SpanEnd): Promise<void> {
    await this.client.query(
      'UPDATE row_blocks SET after_ts = $2, after_id = $3 WHERE organization_id = $1 AND last_ts = $4 AND last_id = $5',
      [this.organizationId, after.ts, after.id, last.ts, last.id],
    );
  }
}

/** Days that have rows and are not being closed, the newest first. */
export async function openDays(pool: Pool): Promise<Day[]> {
  const { rows } = await pool.query<{ from: Date; to: Date }>(
    `SELECT day AS from, day + interval '24 hours' AS to
     FROM (SELECT oid, right(relname, 8) AS name, to_date(right(relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS day
           FROM pg_class WHERE relname ~ '^event_rows_[0-9]{8}$' AND relnamespace = 'public'::regnamespace) AS days
     WHERE pg_relation_size(oid) > 0 AND to_regclass('public.event_blocks_' || name) IS NULL
     ORDER BY day DESC`,
  );
  return rows;
}
