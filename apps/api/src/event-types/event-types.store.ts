import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import type { EventTypeDefinition } from './event-type-definition.js';

/** Enough for every product there is; bounds what an API process holds compiled for one organization. */
const MAX_TYPES = 200;

/** An organization's event type as it is in force. */
export interface OwnEventType extends EventTypeDefinition {
  readonly name: string;
  readonly revision: number;
  readonly updated_at: Date;
}

/** All of them, and the revision of the organization that they make up. */
export interface OwnEventTypes {
  readonly revision: number;
  readonly types: readonly OwnEventType[];
}

export type Saved = { readonly outcome: 'created' | 'changed'; readonly type: OwnEventType } | 'too_many';

const COLUMNS = 'name, revision, schema, dimensions, measures, updated_at';

/** SQL of the event types that organizations have registered. */
@Injectable()
export class EventTypesStore {
  constructor(private readonly pool: Pool) {}

  async all(organizationId: string): Promise<OwnEventTypes> {
    return inTenant(this.pool, organizationId, async (client) => {
      // The revision first: a change between the two statements then only makes the types newer than it says.
      const organization = await client.query<{ event_types_revision: number }>(
        'SELECT event_types_revision FROM organizations',
      );
      const { rows } = await client.query<OwnEventType>(
        `SELECT DISTINCT ON (name) ${COLUMNS} FROM event_types ORDER BY name, revision DESC`,
      );
      return { revision: organization.rows[0]?.event_types_revision ?? 0, types: rows };
    });
  }

  async find(organizationId: string, name: string): Promise<OwnEventType | undefined> {
    return inTenant(this.pool, organizationId, (client) => current(client, name));
  }

  /** Makes a definition the one in force, with an entry in the audit log; one that already is remains untouched. */
  async save(
    actor: Actor,
    organizationId: string,
    name: string,
    definition: EventTypeDefinition,
  ): Promise<Saved> {
    return inTenant(this.pool, organizationId, async (client) => {
      // Changes of one organization's types come one after the other.
      await client.query('SELECT FROM organizations FOR UPDATE');
      const known = await current(client, name);
      if (known && isSame(known, definition)) return { outcome: 'changed', type: known };
      if (!known && (await count(client)) >= MAX_TYPES) return 'too_many';
      const { schema, dimensions, measures } = definition;
      const { rows } = await client.query<OwnEventType>(
        `WITH next AS (
           UPDATE organizations SET event_types_revision = event_types_revision + 1
           RETURNING id, event_types_revision
         )
         INSERT INTO event_types (organization_id, name, revision, schema, dimensions, measures)
         SELECT id, $1, event_types_revision, $2, $3, $4 FROM next
         RETURNING ${COLUMNS}`,
        [name, JSON.stringify(schema), dimensions, measures],
      );
      const type = rows[0]!;
      const action = known ? 'event_type.change' : 'event_type.register';
      const details = { name, revision: type.revision };
      await recordAct(client, actor, organizationId, action, details);
      return { outcome: known ? 'changed' : 'created', type };
    });
  }
}

async function current(client: PoolClient, name: string): Promise<OwnEventType | undefined> {
  const { rows } = await client.query<OwnEventType>(
    `SELECT ${COLUMNS} FROM event_types WHERE name = $1 ORDER BY revision DESC LIMIT 1`,
    [name],
  );
  return rows[0];
}

async function count(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ types: number }>(
    'SELECT count(DISTINCT name)::integer AS types FROM event_types',
  );
  return rows[0]!.types;
}

const isSame = (known: OwnEventType, { schema, dimensions, measures }: EventTypeDefinition) =>
  JSON.stringify([known.schema, known.dimensions, known.measures]) ===
  JSON.stringify([schema, dimensions, measures]);
