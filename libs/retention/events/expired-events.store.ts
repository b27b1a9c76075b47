import type { ClientBase, Pool } from 'pg';

/** A half-open range within one day. */
export interface EventRange {
  readonly from: Date;
  readonly to: Date;
}

const DELETE_ROWS = `
  WITH gone AS (
    DELETE FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND ctid = ANY(ARRAY(
      SELECT ctid FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts, id LIMIT $4))
    RETURNING 1
  ), noted AS (
    UPDATE horizons SET gone_events = gone_events + (SELECT count(*) FROM gone) WHERE organization_id = $1
  )
  SELECT count(*)::int AS events FROM gone`;

const DELETE_BLOCKS = `
  WITH oldest AS (
    SELECT last_ts, last_id FROM event_blocks WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $3
    ORDER BY last_ts, last_id LIMIT $4
  ), gone AS (
    DELETE FROM event_blocks b USING oldest o
    WHERE b.organization_id = $1 AND b.last_ts >= $2 AND b.last_ts < $3
      AND b.last_ts = o.last_ts AND b.last_id = o.last_id
    RETURNING b.events
  ), segments AS (
    DELETE FROM event_segments s USING oldest o
    WHERE s.organization_id = $1 AND s.last_ts >= $2 AND s.last_ts < $3
      AND s.last_ts = o.last_ts AND s.last_id = o.last_id
  ), noted AS (
    UPDATE horizons SET gone_events = gone_events + (SELECT coalesce(sum(events), 0) FROM gone) WHERE organization_id = $1
  )
  SELECT count(*)::int AS blocks, coalesce(sum(events), 0)::float8 AS events FROM gone`;

/** SQL of the events of one organization on one day. Deletes go in transactions that hold its compaction lock. */
export class ExpiredEventsStore {
  constructor(
    private readonly connection: ClientBase | Pool,
    private readonly organizationId: string,
  ) {}

  /** Deletes the first rows; resolves with their number. */
  async deleteRows({ from, to }: EventRange, size: number): Promise<number> {
    const { rows } = await this.connection.query<{ events: number }>(DELETE_ROWS, [
      ...[this.organizationId, from, to, size],
    ]);
    return rows[0]!.events;
  }

  /** Deletes the first blocks with their segments. */
  async deleteBlocks({ from, to }: EventRange, size: number): Promise<{ blocks: number; events: number }> {
    const { rows } = await this.connection.query<{ blocks: number; events: number }>(DELETE_BLOCKS, [
      ...[this.organizationId, from, to, size],
    ]);
    return rows[0]!;
  }

  /** Counts events, and the bytes of rows and segments as they are stored. */
  async survey({ from, to }: EventRange): Promise<{ rows: number; bytes: number }> {
    const { rows } = await this.connection.query<{ rows: number; bytes: number }>(
      `SELECT (r.events + b.events)::float8 AS rows, (r.bytes + s.bytes)::float8 AS bytes
       FROM (SELECT count(*) AS events, coalesce(sum(pg_column_size(t)), 0) AS bytes FROM event_rows t
             WHERE t.organization_id = $1 AND t.ts >= $2 AND t.ts < $3) AS r,
            (SELECT coalesce(sum(t.events), 0) AS events FROM event_blocks t
             WHERE t.organization_id = $1 AND t.last_ts >= $2 AND t.last_ts < $3) AS b,
            (SELECT coalesce(sum(pg_column_size(t) + pg_column_size(t.payloads)), 0) AS bytes FROM event_segments t
             WHERE t.organization_id = $1 AND t.last_ts >= $2 AND t.last_ts < $3) AS s`,
      [this.organizationId, from, to],
    );
    return rows[0]!;
  }
}
