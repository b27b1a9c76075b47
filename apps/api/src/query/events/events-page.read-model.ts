import { DECODED } from '#segments';

const FROM = 'to_timestamp($2::float8 / 1000)';
const TO = 'to_timestamp($3::float8 / 1000)';
/** Only partitions of days before this instant are planned. */
const END_OF_LAST_DAY = `date_trunc('day', ${TO}, 'UTC') + interval '1 day'`;

const columnsOf = (table: string) =>
  ['id', 'ts', 'received_at', 'type', 'user_id', 'session_id', 'src', 'payload']
    .map((column) => `${table}.${column}`)
    .join(', ');

const filterOf = (table: string) => `
  ${table}.ts >= ${FROM} AND ${table}.ts < ${TO}
  AND ($4::text IS NULL OR ${table}.type = $4)
  AND ($5::text IS NULL OR ${table}.user_id = $5)
  AND ($6::text IS NULL OR ${table}.session_id = $6)
  AND ($7::float8 IS NULL OR (${table}.ts, ${table}.id) < (to_timestamp($7::float8 / 1000), $8::text))`;

const SEGMENTS_OF_BLOCK = `
  s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
  AND s.last_ts >= ${FROM} AND s.last_ts < ${END_OF_LAST_DAY}
  AND ($4::text IS NULL OR s.type = $4 OR $4 = ANY(s.types))`;

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
      AND ($5::text IS NULL OR $5 = ANY(s.user_ids)) AND ($6::text IS NULL OR $6 = ANY(s.session_ids))
    OFFSET 0
  ) AS s, LATERAL (
    SELECT s.ts[n] AS ts, s.received_at[n] AS received_at, coalesce(s.uuids[n]::text, s.ids[n]) COLLATE "C" AS id,
           coalesce(s.types[n], s.type) AS type, match.user_id, match.session_id, s.srcs[n] AS src, s.payloads[n] AS payload
    FROM unnest(s.user_ids, s.session_ids) WITH ORDINALITY AS match(user_id, session_id, n)
    WHERE ($5::text IS NULL OR match.user_id = $5) AND ($6::text IS NULL OR match.session_id = $6)
  ) AS e
  WHERE ${filterOf('e')}`;

/**
 * Blocks do not overlap, so the order of blocks and then of events is that of all events, and PostgreSQL opens only as many
 * blocks as it takes to fill the page. OFFSET 0 keeps it from opening segments before it has looked at the filters.
 */
const page = (eventsOfBlock: string) => `
  (
    SELECT ${columnsOf('event_rows')} FROM event_rows WHERE organization_id = $1 AND ${filterOf('event_rows')}
    ORDER BY ts DESC, id DESC LIMIT $9
  ) UNION ALL (
    SELECT ${columnsOf('e')}
    FROM (
      SELECT last_ts, last_id FROM event_blocks
      WHERE organization_id = $1 AND last_ts >= ${FROM} AND first_ts < ${TO} AND last_ts < ${END_OF_LAST_DAY}
        AND ($5::text IS NULL OR may_have_user(filter, $5)) AND ($6::text IS NULL OR may_have_session(filter, $6))
      ORDER BY last_ts DESC, last_id DESC OFFSET 0
    ) AS b, LATERAL (${eventsOfBlock} ORDER BY e.ts DESC, e.id DESC LIMIT $9) AS e
    ORDER BY b.last_ts DESC, b.last_id DESC, e.ts DESC, e.id DESC LIMIT $9
  ) ORDER BY ts DESC, id DESC LIMIT $9`;

/**
 * The newest events of organization $1 between $2 and $3 (milliseconds), of type $4, user $5 and session $6 if given, older
 * than instant $7 and id $8 if given; at most $9.
 */
export const EVENTS_PAGE = { all: page(ALL_EVENTS), ofSomebody: page(EVENTS_OF_SOMEBODY) };
