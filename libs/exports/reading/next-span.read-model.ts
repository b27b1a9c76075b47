import type { ClientBase } from 'pg';
import type { ExportFilter } from '../request/export-filter.js';
import { type Position, type Span, startOf } from './position.js';

const DAY_MS = 86_400_000;

/** The size of a span: an export holds two in memory. A block is never divided for it. */
export interface SpanLimits {
  readonly events: number;
  /** Bytes of payloads. */
  readonly bytes: number;
}
export const SPAN_LIMITS: SpanLimits = { events: 4000, bytes: 4 * 1024 * 1024 };

/** Blocks that a span may search for events of somebody. */
const MAX_BLOCKS = 64;

const AFTER = 'to_timestamp($2::float8 / 1000)';
const END = 'to_timestamp($4::float8 / 1000)';
const FROM = AFTER;
const TO = 'to_timestamp($3::float8 / 1000)';
const END_OF_DAY = 'to_timestamp($5::float8 / 1000)';

/** Where a span after a position may end: after enough rows, or with a block. Null: with the day. */
const NEXT_SPAN = `
  WITH rows AS MATERIALIZED (
    SELECT ts, id, row_number() OVER span AS n, sum(octet_length(payload::text)) OVER span AS bytes
    FROM (
      SELECT ts, id, payload FROM event_rows
      WHERE organization_id = $1 AND ts >= ${AFTER} AND ts < ${END} AND (ts, id) > (${AFTER}, $3::text)
      ORDER BY ts, id LIMIT $8
    ) AS next
    WINDOW span AS (ORDER BY ts, id ROWS UNBOUNDED PRECEDING)
  ), blocks AS MATERIALIZED (
    SELECT last_ts, last_id, row_number() OVER span AS n, sum(events) OVER span AS events,
           sum(payload_bytes) OVER span AS bytes
    FROM (
      SELECT last_ts, last_id, events, payload_bytes FROM event_blocks
      WHERE organization_id = $1 AND last_ts >= ${AFTER} AND last_ts < ${END_OF_DAY} AND first_ts < ${END}
        AND (last_ts, last_id) > (${AFTER}, $3::text)
        AND ($6::text IS NULL OR may_have_user(filter, $6)) AND ($7::text IS NULL OR may_have_session(filter, $7))
      ORDER BY last_ts, last_id LIMIT ${MAX_BLOCKS}
    ) AS next
    WINDOW span AS (ORDER BY last_ts, last_id ROWS UNBOUNDED PRECEDING)
  )
  SELECT (extract(epoch FROM ts) * 1000)::float8 AS ts, id
  FROM (
    (SELECT ts, id FROM rows WHERE n = $8 OR bytes >= $9 ORDER BY ts, id LIMIT 1)
    UNION ALL
    (SELECT last_ts, last_id FROM blocks WHERE n = 1 OR (events <= $8 AND bytes <= $9)
     ORDER BY n DESC LIMIT 1)
    UNION ALL
    (SELECT ${END}, '' FROM rows LIMIT 1)
  ) AS ends
  ORDER BY ts, id LIMIT 1`;

/** The first row from an instant on, or the first block that may have events of somebody. */
const NEXT_INSTANT = `
  SELECT (extract(epoch FROM min(ts)) * 1000)::float8 AS ts
  FROM (
    (SELECT ts FROM event_rows WHERE organization_id = $1 AND ts >= ${FROM} AND ts < ${TO} ORDER BY ts LIMIT 1)
    UNION ALL
    (SELECT first_ts FROM event_blocks
     WHERE organization_id = $1 AND last_ts >= ${FROM} AND last_ts < ${TO} + interval '1 day' AND first_ts < ${TO}
       AND ($4::text IS NULL OR may_have_user(filter, $4)) AND ($5::text IS NULL OR may_have_session(filter, $5))
     ORDER BY last_ts, last_id LIMIT 1)
  ) AS next`;

/**
 * The next events after a position. Spans are found before they are read, so that each is read by one statement of
 * bounded size, whatever moves into segments meanwhile. A span lies within a day: planning a query over one partition
 * takes a tenth of the time.
 * @returns null when no event is left
 */
export async function nextSpan(
  client: ClientBase,
  organizationId: string,
  { to, userId, sessionId }: ExportFilter,
  after: Position,
  { events, bytes }: SpanLimits,
): Promise<Span | null> {
  for (let position = after; position[0] < to; ) {
    const endOfDay = (Math.floor(position[0] / DAY_MS) + 1) * DAY_MS;
    const end = Math.min(endOfDay, to);
    const { rows } = await client.query<{ ts: number; id: string }>(NEXT_SPAN, [
      ...[organizationId, ...position, end, endOfDay],
      ...[userId ?? null, sessionId ?? null, events, bytes],
    ]);
    const [found] = rows;
    if (found) {
      // A block may go on after the end.
      const upTo: Position = found.ts < end ? [found.ts, found.id] : startOf(end);
      return { after: position, upTo, endOfDay };
    }
    // Planning a query over all days takes as long as ten over one, so it is asked only after an empty day.
    const { rows: later } = await client.query<{ ts: number | null }>(NEXT_INSTANT, [
      ...[organizationId, endOfDay, to, userId ?? null, sessionId ?? null],
    ]);
    const next = later[0]!.ts;
    if (next === null) return null;
    position = startOf(Math.max(next, endOfDay));
  }
  return null;
}
