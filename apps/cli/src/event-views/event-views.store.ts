import pg, { type ClientBase } from 'pg';
import type { EventType } from '#catalog';
import { type EventView, eventView } from './event-view.store.js';

interface StandingView {
  readonly name: string;
  readonly comment: string;
}

/**
 * Makes the database have one view for each of the types, as they are defined now. Views that are up to date are left
 * alone, so that nothing waits for their readers.
 * @param client of the owner
 * @throws what PostgreSQL says when somebody's own view depends on one that changes
 */
export async function replaceEventViews(client: ClientBase, types: readonly EventType[]): Promise<void> {
  const wanted = new Map(types.map(eventView).map((view) => [view.name, view]));
  const standing = await standingViews(client);
  const outdated = standing.filter(({ name, comment }) => wanted.get(name)?.comment !== comment);
  const kept = new Set(standing.filter((view) => !outdated.includes(view)).map(({ name }) => name));
  const missing = [...wanted.values()].filter(({ name }) => !kept.has(name));
  const statements = [...outdated.map(drop), ...missing.map(create)];
  // One query, hence one transaction.
  if (statements.length > 0) await client.query(statements.join(';'));
}

async function standingViews(client: ClientBase): Promise<StandingView[]> {
  const { rows } = await client.query<StandingView>(
    `SELECT relname AS name, obj_description(oid, 'pg_class') AS comment FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
       AND obj_description(oid, 'pg_class') LIKE '%[event view %]'`,
  );
  return rows;
}

const drop = ({ name }: StandingView) =>
  `DROP FUNCTION ${pg.escapeIdentifier(name)}(timestamptz, timestamptz); DROP VIEW ${pg.escapeIdentifier(name)}`;

const create = ({ name, comment, definition }: EventView) =>
  `${definition}; COMMENT ON VIEW ${pg.escapeIdentifier(name)} IS ${pg.escapeLiteral(comment)}`;
