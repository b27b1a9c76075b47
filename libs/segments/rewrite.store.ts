import { DECODED } from './decoded.store.js';

/** Events of a block. A page of raw events reads two blocks; 4,000 take 5 ms to decode. */
const BLOCK_EVENTS = 4000;
/** Bytes of payloads of a block, on average. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Events of a type in a block that get a segment of their own. A segment has some 500 bytes besides its events. */
const OWN_SEGMENT_EVENTS = 64;

/**
 * Whether an id is a UUID as PostgreSQL prints it; all others are kept as text. One regular expression for the whole takes
 * 1.7 µs, these three 0.4.
 */
const IS_UUID = `
  id LIKE '________-____-____-____-____________' AND id !~ '[^0-9a-f-]' AND length(replace(id, '-', '')) = 32`;

/** A 64-bit hash over all columns of an event. NULL counts as '', and which columns are NULL counts as well. */
const hashOf = (t: string) => {
  const numbers = ['ts', 'received_at'].map((name) => `date_part('epoch', ${t}.${name})`);
  const nulls = ['user_id', 'session_id', 'src']
    .map((name, i) => `num_nulls(${t}.${name}) * ${2 ** i}`)
    .join(' + ');
  const revision = `coalesce(${t}.type_revision, -1)::bigint * 8`;
  const texts = ['user_id', 'session_id', 'src'].map((name) => `coalesce(${t}.${name}, '')`);
  const hash = numbers.reduce(
    (seed, number) => `hashfloat8extended(${number}, ${seed})`,
    `${nulls} + ${revision}`,
  );
  return [`${t}.id`, `${t}.type`, ...texts, `${t}.payload`].reduce(
    (seed, text) => `hashtextextended(${text}, ${seed})`,
    hash,
  );
};

/** Events of the person whose ids are $7 and sessions $8. */
const OF_PERSON = '(user_id = ANY($7) OR (user_id IS NULL AND session_id = ANY($8)))';

/** A column without any value is NULL as a whole. */
export const REWRITE = `
  WITH moved AS (
    DELETE FROM event_rows
    WHERE organization_id = $1 AND ts >= $2 AND ts <= $4 AND (ts, id) >= ($2, $3) AND (ts, id) <= ($4, $5)
    RETURNING ts, received_at, id, type, user_id, session_id, src, payload::text, type_revision
  ), opened AS (
    DELETE FROM event_segments
    WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < $6
      AND (last_ts, last_id) >= ($2, $3) AND (first_ts, first_id) <= ($4, $5)
    RETURNING *
  ), merged AS (
    SELECT * FROM moved
    UNION ALL
    SELECT e.* FROM opened s, ${DECODED}
  ), kept AS (
    SELECT *, row_number() OVER (ORDER BY ts, id) - 1 AS n, ${IS_UUID} AS is_uuid FROM merged WHERE ${OF_PERSON} IS NOT TRUE
  ), size AS (
    SELECT count(*) AS events, sum(${hashOf('kept')}::numeric) AS hash,
           greatest(ceil(count(*) / ${BLOCK_EVENTS}.0), ceil(sum(octet_length(payload)) / ${BLOCK_BYTES}.0))::bigint AS blocks
    FROM kept
  ), bounds AS (
    SELECT n * blocks / events AS block, min(ts) AS first_ts, max(ts) AS last_ts,
           max(id) FILTER (WHERE n = 0 OR n * blocks / events > (n - 1) * blocks / events) AS first_id,
           max(id) FILTER (WHERE (n + 1) * blocks / events > n * blocks / events) AS last_id
    FROM kept, size GROUP BY 1
  ), common AS (
    SELECT n * blocks / events AS block, type AS segment FROM kept, size
    GROUP BY 1, 2 HAVING count(*) >= ${OWN_SEGMENT_EVENTS}
  ), stored AS (
    INSERT INTO event_segments (organization_id, first_ts, first_id, last_ts, last_id, type, events, ts, received_at,
      uuids, ids, types, user_ids, session_ids, srcs, payloads, type_revisions)
    SELECT $1, min(first_ts), min(first_id), min(last_ts), min(last_id), segment, count(*),
      array_agg(ts), array_agg(received_at),
      CASE WHEN bool_or(is_uuid) THEN array_agg(CASE WHEN is_uuid THEN id::uuid END) END,
      CASE WHEN NOT bool_and(is_uuid) THEN array_agg(CASE WHEN NOT is_uuid THEN id END) END,
      CASE WHEN segment = '' THEN array_agg(type) END,
      CASE WHEN count(user_id) > 0 THEN array_agg(user_id) END,
      CASE WHEN count(session_id) > 0 THEN array_agg(session_id) END,
      CASE WHEN count(src) > 0 THEN array_agg(src) END,
      string_agg(payload, E'\\x1e'),
      CASE WHEN count(type_revision) > 0 THEN array_agg(type_revision) END
    FROM (
      SELECT kept.*, bounds.*, coalesce(common.segment, '') AS segment
      FROM kept CROSS JOIN size
      JOIN bounds ON bounds.block = n * blocks / events
      LEFT JOIN common ON common.block = n * blocks / events AND common.segment = type
    ) AS placed
    GROUP BY block, segment
    RETURNING events
  )
  SELECT (SELECT count(*) FROM moved)::int AS moved,
         (SELECT coalesce(sum(events), 0) FROM opened)::int AS opened,
         size.events::int AS kept, size.hash::text AS hash, (SELECT count(*) FROM stored)::int AS segments,
         first.first_ts AS "firstTs", first.first_id AS "firstId", last.last_ts AS "lastTs", last.last_id AS "lastId"
  FROM size LEFT JOIN bounds AS first ON first.block = 0 LEFT JOIN bounds AS last ON last.block = size.blocks - 1`;

/** Events of the blocks between two positions, as they are read back. */
export const READ_BACK = `
  SELECT count(*)::int AS events, sum(${hashOf('e')}::numeric)::text AS hash
  FROM event_segments s, ${DECODED}
  WHERE s.organization_id = $1 AND s.last_ts >= $2 AND s.last_ts <= $4
    AND (s.last_ts, s.last_id) >= ($2, $3) AND (s.last_ts, s.last_id) <= ($4, $5)
    AND (e.ts, e.id) >= (s.first_ts, s.first_id) AND (e.ts, e.id) <= (s.last_ts, s.last_id)`;
