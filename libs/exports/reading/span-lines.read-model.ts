import type { ClientBase } from 'pg';
import { DECODED } from '#segments';
import type { Column } from '../request/columns.js';
import type { ExportFilter } from '../request/export-filter.js';
import { type LineKind, lineQuery } from './lines.read-model.js';
import type { Span } from './position.js';

/** Which lines, and what stands between them. */
export interface Lines {
  readonly kind: LineKind;
  readonly columns: readonly Column[];
  readonly separator: string;
}

const AFTER = 'to_timestamp($2::float8 / 1000)';
const UP_TO = 'to_timestamp($4::float8 / 1000)';
const END_OF_DAY = 'to_timestamp($6::float8 / 1000)';
const OTHER_PARAMETERS = 10;

const matches = (table: string) => `
  ${table}.ts >= ${AFTER} AND ${table}.ts <= ${UP_TO} AND ${table}.ts < ${END_OF_DAY}
  AND (${table}.ts, ${table}.id) > (${AFTER}, $3::text) AND (${table}.ts, ${table}.id) <= (${UP_TO}, $5::text)
  AND ($7::text IS NULL OR ${table}.type = $7)
  AND ($8::text IS NULL OR ${table}.user_id = $8)
  AND ($9::text IS NULL OR ${table}.session_id = $9)`;

/** OFFSET 0: filters are asked before segments are opened. */
const EVENTS = `
  SELECT ts, received_at, id, type, user_id, session_id, src, payload FROM event_rows
  WHERE organization_id = $1 AND ${matches('event_rows')}
  UNION ALL
  SELECT e.ts, e.received_at, e.id, e.type, e.user_id, e.session_id, e.src, e.payload
  FROM (
    SELECT last_ts, last_id FROM event_blocks
    WHERE organization_id = $1 AND last_ts >= ${AFTER} AND last_ts < ${END_OF_DAY} AND first_ts <= ${UP_TO}
      AND ($8::text IS NULL OR may_have_user(filter, $8)) AND ($9::text IS NULL OR may_have_session(filter, $9))
    OFFSET 0
  ) AS b, event_segments s, ${DECODED}
  WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
    AND s.last_ts >= ${AFTER} AND s.last_ts < ${END_OF_DAY}
    AND ($7::text IS NULL OR s.type = $7 OR $7 = ANY(s.types))
    AND ($8::text IS NULL OR $8 = ANY(s.user_ids)) AND ($9::text IS NULL OR $9 = ANY(s.session_ids))
    AND ${matches('e')}`;

/**
 * Reads the events of a span as lines, oldest first. PostgreSQL renders them, so that an export leaves the event loop to
 * other requests.
 */
export async function spanLines(
  client: ClientBase,
  organizationId: string,
  { type, userId, sessionId }: ExportFilter,
  { after, upTo, endOfDay }: Span,
  { kind, columns, separator }: Lines,
): Promise<{ readonly events: number; readonly text: string }> {
  const { line, fields, parameters } = lineQuery(kind, columns, OTHER_PARAMETERS + 1);
  const payload = fields === '' ? '' : `, LATERAL (SELECT ${fields} OFFSET 0) AS p`;
  const { rows } = await client.query<{ events: number; text: string | null }>(
    `SELECT count(*)::int AS events, string_agg(${line}, $10 ORDER BY e.ts, e.id) AS text
     FROM (${EVENTS}) AS e${payload}`,
    [
      ...[organizationId, ...after, ...upTo, endOfDay],
      ...[type ?? null, userId ?? null, sessionId ?? null, separator],
      ...parameters,
    ],
  );
  return { events: rows[0]!.events, text: rows[0]!.text ?? '' };
}
