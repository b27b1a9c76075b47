import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import type { EventTypeDefinition } from './event-type-definition.js';

/** Bounds the compiled schemas that an API process holds for one organization. */
const MAX_TYPES = 200;

/** The current definition of an organization's event type. */
export interface OwnEventType extends EventTypeDefinition {
  readonly name: string;
  readonly revision: number;
  readonly updated_at: Date;
}

/** All event types that an organization has registered. */
export interface OwnEventTypes {
  /** Of the organization: the highest revision of any of its types. */
  readonly revision: number;
  readonly types: readonly OwnEventType[];
}

export type Saved = { readonly outcome: 'created' | 'changed'; readonly type: OwnEventType } | 'too_many';

const COLUMNS = 'name, revision, schema, dimensions, measures, updated_at';

/** SQL of the event types that organizations register. */
@Injectable()
export class EventTypesStore {
  constructor(private readonly pool: Pool) {}

  async all(organizationId: string): Promise<OwnEventTypes> {
    return inTenant(this.pool, organizationId, async (client) => {
      // Revision first: after a change between the two statements, the types are newer than it, never older.
      const organization = await client.query<{ event_types_revision: number }>(
        'SELECT event_types_revision FROM organizations WHERE id = $1',
        [organizationId],
      );
      const { rows } = await client.query<OwnEventType>(
        `SELECT DISTINCT ON (name) ${COLUMNS} FROM event_types
         WHERE organization_id = $1
         ORDER BY name, revision DESC`,
        [organizationId],
      );
      return { revision: organization.rows[0]?.event_types_revision ?? 0, types: rows };
    });
  }

  async find(organizationId: string, name: string): Promise<OwnEventType | undefined> {
    return inTenant(this.pool, organizationId, (client) => current(client, organizationId, name));
  }

  /** Makes a definition the current one, with an entry in the audit log. Does nothing when it already is. */
  async save(
    actor: Actor,
    organizationId: string,
    name: string,
    definition: EventTypeDefinition,
  ): Promise<Saved> {
    return inTenant(this.pool, organizationId, async (client) => {
      // The row lock serializes changes to one organization's types.
      await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const known = await current(client, organizationId, name);
      if (known && isSame(known, definition)) return { outcome: 'changed', type: known };
      if (!known && (await count(client, organizationId)) >= MAX_TYPES) return 'too_many';
      const { schema, dimensions, measures } = definition;
      const { rows } = await client.query<OwnEventType>(
        `WITH next AS (
           UPDATE organizations SET event_types_revision = event_types_revision + 1 WHERE id = $1
           RETURNING event_types_revision
         )
         INSERT INTO event_types (organization_id, name, revision, schema, dimensions, measures)
         SELECT $1, $2, event_types_revision, $3, $4, $5 FROM next
         RETURNING ${COLUMNS}`,
        [organizationId, name, JSON.stringify(schema), dimensions, measures],
      );
      const type = rows[0]!;
      const action = known ? 'event_type.change' : 'event_type.register';
      const details = { name, revision: type.revision };
      await recordAct(client, actor, organizationId, action, details);
      return { outcome: known ? 'changed' : 'created', type };
    });
  }
}

async function current(
  client: PoolClient,
  organizationId: string,
  name: string,
): Promise<OwnEventType | undefined> {
  const { rows } = await client.query<OwnEventType>(
    `SELECT ${COLUMNS} FROM event_types
     WHERE organization_id = $1 AND name = $2
     ORDER BY revision DESC
     LIMIT 1`,
    [organizationId, name],
  );
  return rows[0];
}

async function count(client: PoolClient, organizationId: string): Promise<number> {
  const { rows } = await client.query<{ types: number }>(
    'SELECT count(DISTINCT name)::integer AS types FROM event_types WHERE organization_id = $1',
    [organizationId],
  );
  return rows[0]!.types;
}

const isSame = (known: OwnEventType, { schema, dimensions, measures }: EventTypeDefinition) =>
  JSON.stringify([known.schema, known.dimensions, known.measures]) ===
  JSON.stringify([schema, dimensions, measures]);
