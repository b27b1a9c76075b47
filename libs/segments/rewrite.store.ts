import { DECODED } from './decoded.store.js';

/** Events of a type in a block that get a segment of their own. A segment has some 500 bytes besides its events. */
const OWN_SEGMENT_EVENTS = 64;

/** Ids that are UUIDs as PostgreSQL prints them, one after the other: a test per id took 1.2 µs, this 0.2. */
const UUIDS = '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})*$';

/** A 64-bit hash over all columns of an event. */
const hashOf = (t: string) => `
  hash_record_extended(ROW(${t}.ts, ${t}.received_at, ${t}.id, ${t}.type, ${t}.user_id, ${t}.session_id, ${t}.src,
                           ${t}.payload::text, ${t}.type_revision), 0)`;

const IN_SPAN = `
  organization_id = $1 AND ts >= $2 AND ts <= $4 AND (ts, id) >= ($2::timestamptz, $3::text)
  AND (ts, id) <= ($4::timestamptz, $5::text)`;

/** Events of the person whose ids are $7 and sessions $8. */
const OF_PERSON = '(user_id = ANY($7) OR (user_id IS NULL AND session_id = ANY($8)))';

/** The block of an event: up to $10 events in $9 blocks. */
const BY_NUMBER = '(row_number() OVER span - 1) * $9::int / $10::int';
/** The same, also divided where up to $12 bytes make $11 blocks. Both steps only grow, so blocks stay consecutive. */
const BY_SIZE = `
  ${BY_NUMBER} + (sum(octet_length(payload::text)) OVER span - octet_length(payload::text)) * $11::int / $12::bigint`;

/**
 * Rows are read and deleted apart, in one snapshot: deleting takes 0.7 µs per row, returning them as well 1.4. Two passes
 * over the events: one by type, for hash and size, and one that builds the arrays. A column without any value is NULL as a
 * whole.
 */
const rewrite = (block: string) => `
  WITH deleted AS (
    DELETE FROM event_rows WHERE ${IN_SPAN} RETURNING 1
  ), opened AS (
    DELETE FROM event_blocks
    WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $6
      AND (last_ts, last_id) >= ($2, $3) AND (first_ts, first_id) <= ($4, $5)
    RETURNING last_ts, last_id, events
  ), segments AS (
    DELETE FROM event_segments s USING opened
    WHERE s.organization_id = $1 AND s.last_ts = opened.last_ts AND s.last_id = opened.last_id
      AND s.last_ts >= $2 AND s.last_ts < $6
    RETURNING s.*
  ), merged AS (
    SELECT ts, received_at, id, type, user_id, session_id, src, payload, type_revision FROM event_rows WHERE ${IN_SPAN}
    UNION ALL
    SELECT e.* FROM segments s, ${DECODED}
  ), kept AS MATERIALIZED (
    SELECT *, ${block} AS block FROM merged WHERE ${OF_PERSON} IS NOT TRUE
    WINDOW span AS (ORDER BY ts, id ROWS UNBOUNDED PRECEDING)
  ), types AS MATERIALIZED (
    SELECT block, type, count(*) AS events, min(ts) AS first_ts, max(ts) AS last_ts, sum(octet_length(payload::text)) AS bytes,
           string_agg(id, '') ~ '${UUIDS}' AS has_uuids, sum(${hashOf('kept')}) AS hash
    FROM kept GROUP BY block, type
  ), extents AS (
    SELECT block, min(first_ts) AS first_ts, max(last_ts) AS last_ts, sum(events) AS events, sum(bytes) AS bytes
    FROM types GROUP BY block
  ), blocks AS MATERIALIZED (
    SELECT extents.*, min(id) FILTER (WHERE ts = first_ts) AS first_id, max(id) FILTER (WHERE ts = last_ts) AS last_id
    FROM extents JOIN kept ON kept.block = extents.block AND (ts = first_ts OR ts = last_ts)
    GROUP BY extents.block, first_ts, last_ts, events, bytes
  ), places AS MATERIALIZED (
    SELECT block, type, segment, first_ts, last_ts, last_id, bool_and(has_uuids) OVER (PARTITION BY block, segment) AS has_uuids
    FROM (
      SELECT block, type, CASE WHEN events >= ${OWN_SEGMENT_EVENTS} THEN type ELSE '' END AS segment, has_uuids FROM types
    ) AS own JOIN (SELECT block, first_ts, last_ts, last_id FROM blocks) AS ends USING (block)
  ), people AS (
    SELECT block, CASE WHEN GROUPING(user_id) = 0 THEN 'user ' || user_id ELSE 'session ' || session_id END AS entry
    FROM kept GROUP BY GROUPING SETS ((block, user_id), (block, session_id))
  ), filters AS (
    SELECT block, coalesce(string_agg(filter_entry(entry), ''), '') AS filter FROM people GROUP BY block
  ), stored_blocks AS (
    INSERT INTO event_blocks (organization_id, first_ts, first_id, last_ts, last_id, events, payload_bytes, filter)
    SELECT $1, first_ts, first_id, last_ts, last_id, events, bytes, filter_entry('') || filter
    FROM blocks JOIN filters USING (block)
  ), stored AS (
    INSERT INTO event_segments (organization_id, first_ts, last_ts, last_id, type, ts, received_at, uuids, ids, types, user_ids,
      session_ids, srcs, payloads, type_revisions)
    SELECT $1, first_ts, last_ts, last_id, segment, array_agg(ts), array_agg(received_at),
      array_agg(id::uuid) FILTER (WHERE has_uuids), array_agg(id) FILTER (WHERE NOT has_uuids),
      array_agg(type) FILTER (WHERE segment = ''),
      CASE WHEN count(user_id) > 0 THEN array_agg(user_id) END,
      CASE WHEN count(session_id) > 0 THEN array_agg(session_id) END,
      CASE WHEN count(src) > 0 THEN array_agg(src) END,
      array_agg(payload),
      CASE WHEN count(type_revision) > 0 THEN array_agg(type_revision) END
    FROM kept JOIN places USING (block, type)
    GROUP BY block, segment, first_ts, last_ts, last_id
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM deleted)::int AS moved,
         (SELECT coalesce(sum(events), 0) FROM opened)::int AS opened,
         (SELECT count(*) FROM stored)::int AS segments,
         coalesce(sum(events), 0)::int AS kept, (SELECT sum(hash) FROM types)::text AS hash,
         min(last_ts) AS "fromTs", (array_agg(last_id ORDER BY last_ts, last_id))[1] AS "fromId",
         max(last_ts) AS "toTs", (array_agg(last_id ORDER BY last_ts DESC, last_id DESC))[1] AS "toId"
  FROM blocks`;

/** For spans whose payloads fit into one block. */
export const REWRITE = rewrite(BY_NUMBER);
export const REWRITE_LARGE = rewrite(BY_SIZE);

/** Events of the blocks that end between two positions, as they are read back. */
export const READ_BACK = `
  SELECT count(*)::int AS events, sum(${hashOf('e')})::text AS hash
  FROM event_blocks b, event_segments s, ${DECODED}
  WHERE b.organization_id = $1 AND b.last_ts >= $2 AND b.last_ts <= $4
    AND (b.last_ts, b.last_id) >= ($2, $3) AND (b.last_ts, b.last_id) <= ($4, $5)
    AND s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
    AND s.last_ts >= $2 AND s.last_ts <= $4
    AND (e.ts, e.id) >= (b.first_ts, b.first_id) AND (e.ts, e.id) <= (b.last_ts, b.last_id)`;
