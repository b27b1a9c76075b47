import type { ClientBase } from 'pg';
import { type CopiedRows, copyOut } from '#database';
import { DECODED } from '#segments';
import type { Column } from '../request/columns.js';
import type { ExportFilter } from '../request/export-filter.js';
import { type Rendering, selectionOf } from './columns.read-model.js';
import type { Span } from './position.js';

/** JSON has no control characters, so nothing in a line is quoted. */
const COPY_OPTIONS: Readonly<Record<Rendering, string>> = {
  csv: 'FORMAT csv',
  json: `FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'`,
  values: 'FORMAT binary',
};

const AFTER = 'to_timestamp($2::float8 / 1000)';
const UP_TO = 'to_timestamp($4::float8 / 1000)';
const END_OF_DAY = 'to_timestamp($6::float8 / 1000)';
/** Of the values above and in the conditions below. */
const VALUES = 9;

const inSpan = (table: string) => `
  ${table}.ts >= ${AFTER} AND ${table}.ts <= ${UP_TO} AND ${table}.ts < ${END_OF_DAY}
  AND (${table}.ts, ${table}.id) > (${AFTER}, $3) AND (${table}.ts, ${table}.id) <= (${UP_TO}, $5)`;

/** What a filter says of events, of blocks and of segments. */
const CONDITIONS = {
  type: {
    event: (table: string) => `${table}.type = $7`,
    block: 'true',
    segment: '(s.type = $7 OR $7 = ANY(s.types))',
  },
  userId: {
    event: (table: string) => `${table}.user_id = $8`,
    block: 'may_have_user(filter, $8)',
    segment: '$8 = ANY(s.user_ids)',
  },
  sessionId: {
    event: (table: string) => `${table}.session_id = $9`,
    block: 'may_have_session(filter, $9)',
    segment: '$9 = ANY(s.session_ids)',
  },
} as const;

/** The conditions of all that a filter names. */
function conditionsOf(filter: ExportFilter) {
  const given = (['type', 'userId', 'sessionId'] as const).filter((name) => filter[name] !== undefined);
  const all = (conditions: readonly string[]) => ['true', ...conditions].join(' AND ');
  return {
    event: (table: string) => all(given.map((name) => CONDITIONS[name].event(table))),
    block: all(given.map((name) => CONDITIONS[name].block)),
    segment: all(given.map((name) => CONDITIONS[name].segment)),
  };
}

/** OFFSET 0: the filters of blocks are asked before segments are opened. */
const eventsOf = (conditions: ReturnType<typeof conditionsOf>) => `
  SELECT ts, received_at, id, type, user_id, session_id, src, payload FROM event_rows
  WHERE organization_id = $1 AND ${inSpan('event_rows')} AND ${conditions.event('event_rows')}
  UNION ALL
  SELECT e.ts, e.received_at, e.id, e.type, e.user_id, e.session_id, e.src, e.payload
  FROM (
    SELECT last_ts, last_id FROM event_blocks
    WHERE organization_id = $1 AND last_ts >= ${AFTER} AND last_ts < ${END_OF_DAY} AND first_ts <= ${UP_TO}
      AND ${conditions.block}
    OFFSET 0
  ) AS b, event_segments s, ${DECODED}
  WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
    AND s.last_ts >= ${AFTER} AND s.last_ts < ${END_OF_DAY} AND ${conditions.segment}
    AND ${inSpan('e')} AND ${conditions.event('e')}`;

/**
 * Reads the events of a span, oldest first, as the rendering says. Call it in the transaction that found the span: COPY
 * reads a day whose rows it has locked before.
 */
export function spanEvents(
  client: ClientBase,
  organizationId: string,
  filter: ExportFilter,
  { after, upTo, endOfDay }: Span,
  { rendering, columns }: { readonly rendering: Rendering; readonly columns: readonly Column[] },
): Promise<CopiedRows> {
  const { list, fields, values } = selectionOf(rendering, columns, VALUES + 1);
  const payload = fields === '' ? '' : `, LATERAL (SELECT ${fields} OFFSET 0) AS p`;
  const { type = null, userId = null, sessionId = null } = filter;
  return copyOut(
    client,
    `SELECT ${list} FROM (${eventsOf(conditionsOf(filter))}) AS e${payload} ORDER BY e.ts, e.id`,
    [organizationId, ...after, ...upTo, endOfDay, type, userId, sessionId, ...values],
    COPY_OPTIONS[rendering],
  );
}
