import { DECODED } from './decoded.store.js';

/** Events of a block. A page of raw events reads two blocks; 4,000 take 5 ms to decode. */
const BLOCK_EVENTS = 4000;
/** Bytes of payloads of a block, on average. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Events of a type in a block that get a segment of their own. A segment has some 500 bytes besides its events. */
const OWN_SEGMENT_EVENTS = 64;

/** Lower case, as PostgreSQL prints it: all others are kept as text. */
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Microseconds since the epoch. */
const micros = (column: string) => `(date_part('epoch', ${column}) * 1000000)::bigint`;

/** A 64-bit hash over all columns of an event. NULL counts as '', and which columns are NULL counts as well. */
const hashOf = (t: string) => {
  const numbers = [micros(`${t}.ts`), micros(`${t}.received_at`), `coalesce(${t}.type_revision, -1)`];
  const nulls = ['user_id', 'session_id', 'src']
    .map((name, i) => `num_nulls(${t}.${name}) * ${2 ** i}`)
    .join(' + ');
  const texts = ['user_id', 'session_id', 'src'].map((name) => `coalesce(${t}.${name}, '')`);
  const hash = numbers.reduce((seed, number) => `hashint8extended(${number}, ${seed})`, nulls);
  return [`${t}.id`, `${t}.type`, ...texts, `${t}.payload::text`].reduce(
    (seed, text) => `hashtextextended(${text}, ${seed})`,
    hash,
  );
};

/** Events of the person whose ids are $7 and sessions $8. */
const OF_PERSON = '(user_id = ANY($7) OR (user_id IS NULL AND session_id = ANY($8)))';

/**
 * Aggregates keep the order of their input, which is sorted by block, segment and position. A column without a value is
 * NULL as a whole.
 */
export const REWRITE = `
  WITH moved AS (
    DELETE FROM event_rows
    WHERE organization_id = $1 AND ts >= $2 AND ts <= $4 AND (ts, id) >= ($2, $3) AND (ts, id) <= ($4, $5)
    RETURNING ts, received_at, id, type, user_id, session_id, src, payload, type_revision
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
    SELECT *, row_number() OVER (ORDER BY ts, id) - 1 AS n FROM merged WHERE ${OF_PERSON} IS NOT TRUE
  ), size AS (
    SELECT count(*) AS events, sum(${hashOf('kept')}::numeric) AS hash,
           greatest(ceil(count(*) / ${BLOCK_EVENTS}.0), ceil(sum(octet_length(payload::text)) / ${BLOCK_BYTES}.0))::bigint AS blocks
    FROM kept
  ), placed AS (
    SELECT kept.*, n * blocks / events AS block,
           CASE WHEN count(*) OVER (PARTITION BY n * blocks / events, type) >= ${OWN_SEGMENT_EVENTS} THEN type ELSE '' END
             AS segment,
           id ~ '${UUID}' AS is_uuid
    FROM kept, size
  ), bounds AS (
    SELECT block, min(ts) AS first_ts, (array_agg(id ORDER BY n))[1] AS first_id,
           max(ts) AS last_ts, (array_agg(id ORDER BY n DESC))[1] AS last_id
    FROM placed GROUP BY block
  ), stored AS (
    INSERT INTO event_segments (organization_id, first_ts, first_id, last_ts, last_id, type, events, ts, received_at,
      uuids, ids, types, user_ids, session_ids, srcs, payloads, type_revisions)
    SELECT $1, first_ts, first_id, last_ts, last_id, segment, count(*),
      array_agg((date_part('epoch', ts - first_ts) * 1000)::integer), array_agg(received_at),
      CASE WHEN bool_or(is_uuid) THEN array_agg(CASE WHEN is_uuid THEN id::uuid END) END,
      CASE WHEN NOT bool_and(is_uuid) THEN array_agg(CASE WHEN NOT is_uuid THEN id END) END,
      CASE WHEN segment = '' THEN array_agg(type) END,
      CASE WHEN count(user_id) > 0 THEN array_agg(user_id) END,
      CASE WHEN count(session_id) > 0 THEN array_agg(session_id) END,
      CASE WHEN count(src) > 0 THEN array_agg(src) END,
      string_agg(payload::text, E'\\x1e'),
      CASE WHEN count(type_revision) > 0 THEN array_agg(type_revision) END
    FROM (SELECT * FROM placed JOIN bounds USING (block) ORDER BY block, segment, n) AS sorted
    GROUP BY block, first_ts, first_id, last_ts, last_id, segment
    RETURNING events
  )
  SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(*) FROM merged)::int AS merged, size.events::int AS kept,
         size.hash::text AS hash, (SELECT count(*) FROM stored)::int AS segments,
         first.first_ts AS "firstTs", first.first_id AS "firstId", last.last_ts AS "lastTs", last.last_id AS "lastId"
  FROM size LEFT JOIN bounds AS first ON first.block = 0 LEFT JOIN bounds AS last ON last.block = size.blocks - 1`;

/** Events of the blocks between two positions, as they are read back. */
export const READ_BACK = `
  SELECT count(*)::int AS events, sum(${hashOf('e')}::numeric)::text AS hash
  FROM event_segments s, ${DECODED}
  WHERE s.organization_id = $1 AND s.last_ts >= $2 AND s.last_ts <= $4
    AND (s.last_ts, s.last_id) >= ($2, $3) AND (s.last_ts, s.last_id) <= ($4, $5)
    AND (e.ts, e.id) >= (s.first_ts, s.first_id) AND (e.ts, e.id) <= (s.last_ts, s.last_id)`;
