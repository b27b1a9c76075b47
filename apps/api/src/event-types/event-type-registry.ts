import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '#identity';
import type { CountableType } from './countable-type.js';
import { EventTypesStore, type OwnEventType } from './event-types.store.js';
import { SchemaCompiler } from './schema-compiler.js';

/** Compiled types cached for all organizations together; each takes 20 to 50 kB. */
const MAX_COMPILED = 4000;

/** The event types that an organization may send, by name. */
export interface EventTypes {
  get(name: string): CountableType | undefined;
  values(): Iterable<CountableType>;
}

/** All types of one organization, built-in ones included, as of a revision. */
interface TypesAtRevision {
  readonly revision: number;
  readonly types: ReadonlyMap<string, CountableType>;
}

/**
 * Event types of every organization, each schema compiled once. Callers pass the revision of their organization's
 * types, at most a few seconds old; types are read again only when it is newer than the cached one.
 */
@Injectable()
export class EventTypeRegistry {
  private readonly logger = new Logger(EventTypeRegistry.name);
  private readonly builtIn: ReadonlyMap<string, CountableType>;
  /** By organization; an entry's size is the number of types that the organization has registered. */
  private readonly cache = new LRUCache<string, TypesAtRevision>({ maxSize: MAX_COMPILED });
  private readonly pending = new Map<string, Promise<TypesAtRevision>>();

  constructor(
    private readonly store: EventTypesStore,
    private readonly compiler: SchemaCompiler,
  ) {
    this.builtIn = compiler.builtIn();
  }

  /** @returns the types, without a promise when cached */
  of(caller: Pick<Principal, 'organizationId' | 'eventTypesRevision'>): EventTypes | Promise<EventTypes> {
    const cached = this.cache.get(caller.organizationId);
    if ((cached?.revision ?? 0) >= caller.eventTypesRevision) return cached?.types ?? this.builtIn;
    return this.load(caller.organizationId, caller.eventTypesRevision);
  }

  /** Reads an organization's types again, at least as new as `revision`. Concurrent calls share one read. */
  async load(organizationId: string, revision: number): Promise<EventTypes> {
    let pending = this.pending.get(organizationId);
    if (!pending) {
      pending = this.read(organizationId).finally(() => this.pending.delete(organizationId));
      this.pending.set(organizationId, pending);
    }
    const read = await pending;
    // The shared read may have started before the change that this caller has seen.
    return (read.revision >= revision ? read : await this.read(organizationId)).types;
  }

  private async read(organizationId: string): Promise<TypesAtRevision> {
    const { revision, types: own } = await this.store.all(organizationId);
    const before = this.cache.get(organizationId)?.types;
    const types = new Map(this.builtIn);
    for (const type of own) {
      // A type that became built in after it was registered means the same for everyone.
      if (this.builtIn.has(type.name)) continue;
      const same = before?.get(type.name);
      if (same?.type.revision === type.revision) {
        types.set(type.name, same);
        continue;
      }
      await yieldToEventLoop();
      const compiled = this.compile(organizationId, type);
      if (compiled) types.set(type.name, compiled);
    }
    const read = { revision, types };
    this.cache.set(organizationId, read, { size: Math.max(1, own.length) });
    return read;
  }

  /** A type that no longer compiles is left out, so that the organization's other events are still accepted. */
  private compile(organizationId: string, type: OwnEventType): CountableType | undefined {
    try {
      return this.compiler.own({ ...type, description: '' });
    } catch (error) {
      this.logger.error(`event type ${type.name} of ${organizationId} does not compile: ${String(error)}`);
      return undefined;
    }
  }
}
