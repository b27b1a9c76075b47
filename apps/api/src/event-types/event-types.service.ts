import { Injectable } from '@nestjs/common';
import { builtInTypes, type EventType } from '#catalog';
import type { Actor } from '#identity';
import { Fault } from '../http/input/fault.js';
import { Problem } from '../http/problem.js';
import { readDefinition } from './event-type-definition.js';
import { EventTypeRegistry } from './event-type-registry.js';
import { EventTypesStore, type OwnEventType } from './event-types.store.js';
import { SchemaCompiler } from './schema-compiler.js';

const NAME = /^[a-z][a-z0-9_.-]{0,99}$/;

/** A catalog entry in API responses. */
export interface CatalogEntry extends Pick<EventType, 'name' | 'schema' | 'dimensions' | 'measures'> {
  readonly built_in: boolean;
  /** Null for a built-in type. */
  readonly updated_at: Date | null;
}

/** An organization's catalog: the built-in types and its own. */
@Injectable()
export class EventTypesService {
  constructor(
    private readonly compiler: SchemaCompiler,
    private readonly store: EventTypesStore,
    private readonly registry: EventTypeRegistry,
  ) {}

  async list(organizationId: string): Promise<CatalogEntry[]> {
    const { types } = await this.store.all(organizationId);
    return [...builtInTypes.map(builtInEntry), ...types.map(ownEntry)];
  }

  /** @throws Problem 404 */
  async get(organizationId: string, name: string): Promise<CatalogEntry> {
    const builtIn = builtInTypes.find((type) => type.name === name);
    if (builtIn) return builtInEntry(builtIn);
    const own = NAME.test(name) ? await this.store.find(organizationId, name) : undefined;
    if (!own) throw new Problem(404, 'not_found', `Unknown event type ${name}`);
    return ownEntry(own);
  }

  /**
   * Registers or changes an event type.
   * @throws Problem 400 `invalid_event_type` with the JSON pointer, 409 `built_in_type` or `too_many_event_types`
   */
  async put(actor: Actor, organizationId: string, name: string, body: Readonly<Record<string, unknown>>) {
    if (builtInTypes.some((type) => type.name === name)) {
      throw new Problem(409, 'built_in_type', `${name} is built in and cannot be changed`);
    }
    if (!NAME.test(name)) {
      throw invalid(
        new Fault('', '', 'a name is a lower-case letter followed by up to 99 of a–z, 0–9, ., _ and -'),
      );
    }
    const definition = readDefinition(body);
    if (definition instanceof Fault) throw invalid(definition);
    const fault = this.compiler.faultOf(definition);
    if (fault) throw invalid(fault);
    const saved = await this.store.save(actor, organizationId, name, definition);
    if (saved === 'too_many') {
      throw new Problem(409, 'too_many_event_types', 'The organization has reached its limit of event types');
    }
    // Other replicas notice within seconds through the caller's revision; this one loads it now.
    await this.registry.load(organizationId, saved.type.revision);
    return { created: saved.outcome === 'created', entry: ownEntry(saved.type) };
  }
}

const invalid = ({ path, message }: Fault) =>
  new Problem(400, 'invalid_event_type', 'The event type is invalid', [{ path, message }]);

const builtInEntry = ({ name, schema, dimensions, measures }: EventType): CatalogEntry => ({
  name,
  built_in: true,
  schema,
  dimensions,
  measures,
  updated_at: null,
});

const ownEntry = ({ name, schema, dimensions, measures, updated_at }: OwnEventType): CatalogEntry => ({
  name,
  built_in: false,
  schema,
  dimensions,
  measures,
  updated_at,
});
