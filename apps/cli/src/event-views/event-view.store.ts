import { createHash } from 'node:crypto';
import pg from 'pg';
import { type EventType, viewName } from '#catalog';
import { READERS } from '#database';
import { type Column, payloadColumns } from './payload-columns.js';

/** The view of one event type. */
export interface EventView {
  readonly name: string;
  /** Description of the type, and a hash of the definition, by which `migrate` knows its views. */
  readonly comment: string;
  /** SQL that creates the view, and the function of the same name that reads a range. */
  readonly definition: string;
}

/** Columns of every view before those of the payload. */
export const COMMON_COLUMNS = [
  'organization_id',
  'ts',
  'received_at',
  'id',
  'user_id',
  'session_id',
  'src',
] as const;

/** The view of a built-in type: its events, with a typed column for each declared field of the payload. */
export function eventView(type: EventType): EventView {
  const name = pg.escapeIdentifier(viewName(type));
  const columns = [...COMMON_COLUMNS, ...payloadColumns(type).map(expression), 'payload'].join(
    ',\n           ',
  );
  const ofType = `type = ${pg.escapeLiteral(type.name)}`;
  const definition = `
    CREATE VIEW ${name} WITH (security_invoker = true) AS
    SELECT ${columns}
    FROM events WHERE ${ofType};
    GRANT SELECT ON ${name} TO ${READERS};
    CREATE FUNCTION ${name}(from_ts timestamptz, to_ts timestamptz DEFAULT 'infinity') RETURNS SETOF ${name}
    LANGUAGE sql STABLE AS $$
    SELECT ${columns}
    FROM events_between(current_organization(), $1, $2) WHERE ${ofType}
    $$`;
  const hash = createHash('sha256').update(definition).digest('hex').slice(0, 12);
  return { name: viewName(type), comment: `${type.description} [event view ${hash}]`, definition };
}

/**
 * Events that were counted by an organization's own type of the same name, before it was built in, may have anything in
 * these fields: a cast could fail, and the whole query with it.
 */
function expression({ name, type }: Column): string {
  const [field, column] = [pg.escapeLiteral(name), pg.escapeIdentifier(name)];
  if (type === 'json') return `payload->${field} AS ${column}`;
  if (type === 'text') return `payload->>${field} AS ${column}`;
  return `CASE WHEN type_revision IS NULL THEN (payload->>${field})::${type} END AS ${column}`;
}
