import { DECODED } from '#segments';
import type { EventFilter, EventPosition } from './event-filter.js';

const FROM = 'to_timestamp($2::float8 / 1000)';
const UNTIL = 'to_timestamp($3::float8 / 1000)';
/** Only partitions of days before this instant are planned. */
const END_OF_LAST_DAY = `date_trunc('day', ${UNTIL}, 'UTC') + interval '1 day'`;

const columnsOf = (table: string) =>
  ['id', 'ts', 'received_at', 'type', 'user_id', 'session_id', 'src', 'payload']
    .map((column) => `${table}.${column}`)
    .join(', ');

/** The filter apart from the position. */
const conditionsOn = (table: string) => `
  ${table}.ts >= ${FROM} AND ${table}.ts < ${END_OF_LAST_DAY}
  AND ($5::text IS NULL OR ${table}.type = $5)
  AND ($6::text IS NULL OR ${table}.user_id = $6)
  AND ($7::text IS NULL OR ${table}.session_id = $7)`;

/** A position is one comparison of (ts, id), and the only one of its kind: PostgreSQL begins to read an index there. */
const filterOf = (table: string) => `(${table}.ts, ${table}.id) < (${UNTIL}, $4) AND ${conditionsOn(table)}`;

const SEGMENTS_OF_BLOCK = `
  s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
  AND s.last_ts >= ${FROM} AND s.last_ts < ${END_OF_LAST_DAY}
  AND ($5::text IS NULL OR s.type = $5 OR $5 = ANY(s.types))`;

/** Events of a block `b`. */
const ALL_EVENTS = `
  SELECT ${columnsOf('e')} FROM event_segments s, ${DECODED} WHERE ${SEGMENTS_OF_BLOCK} AND ${filterOf('e')}`;

/**
 * Events of a block `b` when a user or a session is given. Usually one event of a segment is theirs, so only that one is
 * taken out of the arrays. `||` decompresses each array once; subscripts would do it each time.
 */
const EVENTS_OF_SOMEBODY = `
  SELECT ${columnsOf('e')}
  FROM (
    SELECT s.type, s.user_ids, s.session_ids, s.ts || '{}' AS ts, s.received_at || '{}' AS received_at,
           s.uuids || '{}' AS uuids, s.ids || '{}' AS ids, s.types || '{}' AS types, s.srcs || '{}' AS srcs,
           s.payloads || '{}' AS payloads
    FROM event_segments s
    WHERE ${SEGMENTS_OF_BLOCK}
      AND ($6::text IS NULL OR $6 = ANY(s.user_ids)) AND ($7::text IS NULL OR $7 = ANY(s.session_ids))
    OFFSET 0
  ) AS s, LATERAL (
    SELECT s.ts[n] AS ts, s.received_at[n] AS received_at, coalesce(s.uuids[n]::text, s.ids[n]) COLLATE "C" AS id,
           coalesce(s.types[n], s.type) AS type, match.user_id, match.session_id, s.srcs[n] AS src, s.payloads[n] AS payload
    FROM unnest(s.user_ids, s.session_ids) WITH ORDINALITY AS match(user_id, session_id, n)
    WHERE ($6::text IS NULL OR match.user_id = $6) AND ($7::text IS NULL OR match.session_id = $7)
  ) AS e
  WHERE ${filterOf('e')}`;

/** The newest rows, in the order of their key. */
const ROWS = `
  SELECT ${columnsOf('event_rows')} FROM event_rows WHERE organization_id = $1 AND ${filterOf('event_rows')}
  ORDER BY ts DESC, id DESC LIMIT $8`;

/** The same, read only where there may be some. Stretches do not overlap. */
const ROWS_OF_STRETCHES = `
  SELECT ${columnsOf('e')}
  FROM (
    SELECT * FROM row_stretches($1, ${FROM}, ${UNTIL}, $4, $5, CASE WHEN $6::text IS NOT NULL THEN ARRAY[$6] END, $7)
    ORDER BY until_ts DESC, until_id DESC OFFSET 0
  ) AS s, LATERAL (
    SELECT ${columnsOf('event_rows')} FROM event_rows
    WHERE organization_id = $1 AND (ts, id) > (s.after_ts, s.after_id) AND (ts, id) < (s.until_ts, s.until_id)
      AND ts >= s.after_ts AND ts <= s.until_ts AND ${conditionsOn('event_rows')}
    ORDER BY ts DESC, id DESC LIMIT $8
  ) AS e
  ORDER BY s.until_ts DESC, s.until_id DESC, e.ts DESC, e.id DESC LIMIT $8`;

/**
 * Blocks do not overlap, so the order of blocks and then of events is that of all events, and PostgreSQL opens only as many
 * blocks as it takes to fill the page, and none that is older than a page of rows: to decode one takes 10 ms. OFFSET 0 keeps
 * it from opening segments before it has looked at the filters.
 */
const page = (rows: string, eventsOfBlock: string) => `
  WITH newest_rows AS MATERIALIZED (${rows}), oldest AS MATERIALIZED (
    SELECT CASE WHEN count(*) = $8 THEN min(ts) ELSE '-infinity' END AS ts FROM newest_rows
  )
  SELECT ${columnsOf('newest_rows')} FROM newest_rows UNION ALL (
    SELECT ${columnsOf('e')}
    FROM (
      SELECT last_ts, last_id FROM event_blocks
      WHERE organization_id = $1 AND last_ts >= ${FROM} AND (first_ts, first_id) < (${UNTIL}, $4)
        AND last_ts < ${END_OF_LAST_DAY} AND last_ts >= (SELECT ts FROM oldest)
        AND ($6::text IS NULL OR may_have_user(filter, $6)) AND ($7::text IS NULL OR may_have_session(filter, $7))
      ORDER BY last_ts DESC, last_id DESC OFFSET 0
    ) AS b, LATERAL (${eventsOfBlock} ORDER BY e.ts DESC, e.id DESC LIMIT $8) AS e
    ORDER BY b.last_ts DESC, b.last_id DESC, e.ts DESC, e.id DESC LIMIT $8
  ) ORDER BY ts DESC, id DESC LIMIT $8`;

const PAGE = {
  all: page(ROWS, ALL_EVENTS),
  ofType: page(ROWS_OF_STRETCHES, ALL_EVENTS),
  ofSomebody: page(ROWS_OF_STRETCHES, EVENTS_OF_SOMEBODY),
};

/** Which events a statement looks at: those of a filter, from an instant on and before a position, the newest first. */
export interface EventsBefore {
  readonly filter: EventFilter;
  readonly from: number;
  readonly until: EventPosition;
  /** Most events. */
  readonly limit: number;
}

/** The statement for the events of an organization, apart from conditions on payloads. */
export function eventsPage(
  organizationId: string,
  { filter, from, until, limit }: EventsBefore,
): { text: string; values: unknown[] } {
  const { type = null, userId = null, sessionId = null } = filter;
  const isOfSomebody = userId !== null || sessionId !== null;
  return {
    text: isOfSomebody ? PAGE.ofSomebody : type === null ? PAGE.all : PAGE.ofType,
    values: [organizationId, from, ...until, type, userId, sessionId, limit],
  };
}
