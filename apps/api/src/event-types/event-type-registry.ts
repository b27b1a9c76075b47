import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '#identity';
import type { CountableType } from './countable-type.js';
import { EventTypesStore, type OwnEventType } from './event-types.store.js';
import { SchemaCompiler } from './schema-compiler.js';

/** Compiled types of all organizations together that are held; at 20 to 50 kB each. */
const MAX_COMPILED = 4000;

/** The types that an organization's events may have, by name. */
export interface EventTypes {
  get(name: string): CountableType | undefined;
}

interface Known {
  readonly revision: number;
  readonly types: ReadonlyMap<string, CountableType>;
  readonly ownCount: number;
}

/**
 * Every organization's event types, schemas compiled once. Whoever calls brings along the revision of the
 * types of their organization, as of the last few seconds; types are read again only when that has grown.
 */
@Injectable()
export class EventTypeRegistry {
  private readonly logger = new Logger(EventTypeRegistry.name);
  private readonly builtIn: ReadonlyMap<string, CountableType>;
  private readonly known = new Map<string, Known>();
  private readonly asked = new Map<string, Promise<Known>>();

  constructor(
    private readonly store: EventTypesStore,
    private readonly compiler: SchemaCompiler,
  ) {
    this.builtIn = compiler.builtIn();
  }

  /** @returns the types at once when they are known, else a promise of them */
  of(caller: Pick<Principal, 'organizationId' | 'eventTypesRevision'>): EventTypes | Promise<EventTypes> {
    const known = this.known.get(caller.organizationId);
    if ((known?.revision ?? 0) >= caller.eventTypesRevision) return known?.types ?? this.builtIn;
    return this.load(caller.organizationId, caller.eventTypesRevision);
  }

  /** Reads an organization's types again, at least as new as the revision; asked by many at once they are read once. */
  async load(organizationId: string, revision: number): Promise<EventTypes> {
    let asked = this.asked.get(organizationId);
    if (!asked) {
      asked = this.read(organizationId).finally(() => this.asked.delete(organizationId));
      this.asked.set(organizationId, asked);
    }
    const known = await asked;
    // It had been asked before the change that the caller knows of.
    return (known.revision >= revision ? known : await this.read(organizationId)).types;
  }

  private async read(organizationId: string): Promise<Known> {
    const { revision, types: own } = await this.store.all(organizationId);
    const before = this.known.get(organizationId)?.types;
    const types = new Map(this.builtIn);
    for (const type of own) {
      // A type that became built in after it was registered is what it is everywhere.
      if (this.builtIn.has(type.name)) continue;
      const same = before?.get(type.name);
      if (same?.type.revision === type.revision) {
        types.set(type.name, same);
        continue;
      }
      await nextTurn();
      const compiled = this.compile(organizationId, type);
      if (compiled) types.set(type.name, compiled);
    }
    const known = { revision, types, ownCount: own.length };
    this.known.delete(organizationId);
    this.known.set(organizationId, known);
    this.makeRoom();
    return known;
  }

  /** One type that no longer compiles must not keep an organization's other events out. */
  private compile(organizationId: string, type: OwnEventType): CountableType | undefined {
    try {
      return this.compiler.own({ ...type, description: '' });
    } catch (error) {
      this.logger.error(`event type ${type.name} of ${organizationId} does not compile: ${String(error)}`);
      return undefined;
    }
  }

  /** The organizations whose types were read longest ago go first. */
  private makeRoom(): void {
    let compiled = 0;
    for (const { ownCount } of this.known.values()) compiled += ownCount;
    for (const [organizationId, { ownCount }] of this.known) {
      if (compiled <= MAX_COMPILED) return;
      compiled -= ownCount;
      this.known.delete(organizationId);
    }
  }
}
