import type { Pool } from 'pg';
import { builtInTypes } from '#catalog';
import { inTransaction } from '#database';
import {
  ActivityStore,
  compactActivity,
  compactSessions,
  fold,
  lockCompaction,
  type SessionDelta,
} from '#rollups';
import type { SeriesLimit } from '../ingest/series/series-limit.js';
import { ErasedDeltasStore } from './erased-deltas.store.js';
import { type ErasedCounts, type Erasure, ErasureStore } from './erasure.store.js';
import { type NamedPerson, type Person, PersonStore } from './person.store.js';
import { lockReports, removeFromReports } from './reports-of-person.store.js';
import { type CountedBy, foldInputOf, type StoredEvent } from './stored-events.js';

/** Deltas folded in at once. */
const MAX_DELTAS = 2000;

/** A person's events in permanently failed jobs. */
export interface JobsOfPerson {
  /** The sessions that name the person there. */
  sessionsOf(named: NamedPerson): Promise<readonly string[]>;
  /** Removes their events; resolves with their number. */
  erase(person: Person): Promise<number>;
}

/**
 * Erases a person: events, sessions, days of activity, dead letters and their lines in reports, all in one transaction. Rollups and
 * ledger contain no person and stay unchanged; the counts of erased events are stored separately, so that
 * both can still be verified.
 */
export class Eraser {
  constructor(
    private readonly pool: Pool,
    private readonly limit: SeriesLimit,
    private readonly jobs: readonly JobsOfPerson[],
  ) {}

  /**
   * @returns false when the organization is being compacted; nothing was changed
   * @throws the server's error, 40001 when the rows were changed meanwhile. The transaction rolls back; events already
   *   removed from failed jobs stay removed, and the retry finds the rest
   */
  async erase(erasure: Erasure): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      // One snapshot: events and their counts as of the same instant.
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      // Before the snapshot is taken: a partition truncated afterwards would look empty to it.
      await client.query('LOCK TABLE events IN ACCESS SHARE MODE');
      await lockReports(client);
      const { organizationId } = erasure;
      if (!(await lockCompaction(client, organizationId))) return false;
      const erasures = new ErasureStore(client, erasure);
      if (!(await erasures.isPending())) return true;
      const activity = new ActivityStore(client, organizationId);
      while ((await compactActivity(activity, MAX_DELTAS)) === MAX_DELTAS);
      const store = new PersonStore(client);
      const person = await store.find(erasure, await this.sessionsOf(erasure, store));
      await removeFromReports(client, person);
      const added = new ErasedDeltasStore(client, organizationId);
      await erasures.finish(await this.eraseAll(person, store, activity, added));
      return true;
    });
  }

  private async sessionsOf(named: NamedPerson, store: PersonStore): Promise<string[]> {
    const stored = await store.sessionsOf(named);
    const queued = await Promise.all(this.jobs.map((jobs) => jobs.sessionsOf(named)));
    return [...new Set([stored, ...queued].flat())];
  }

  private async eraseAll(
    person: Person,
    store: PersonStore,
    activity: ActivityStore,
    added: ErasedDeltasStore,
  ): Promise<ErasedCounts> {
    const { organizationId } = person;
    const typeOf = await countedBy(store, organizationId);
    const eventsBySession = await this.keepWhatTheyAdded(person, store, added, typeOf);
    const shared = await store.sharedSessions(person, eventsBySession);
    const events = await store.deleteEvents(person);
    const sessions = await store.deleteSessions(person);
    await activity.addSessions(await recount(store.eventsOfSessions(organizationId, shared), typeOf));
    return {
      events,
      sessions: sessions - shared.length,
      days: await store.deleteUserDays(person),
      dead_letters: (await store.deleteDeadLetters(person)) + (await this.eraseFromJobs(person)),
    };
  }

  private async eraseFromJobs(person: Person): Promise<number> {
    const erased = await Promise.all(this.jobs.map((jobs) => jobs.erase(person)));
    return erased.reduce((sum, events) => sum + events, 0);
  }

  /** @returns number of the person's events by session */
  private async keepWhatTheyAdded(
    person: Person,
    store: PersonStore,
    added: ErasedDeltasStore,
    typeOf: TypeOf,
  ): Promise<Map<string, number>> {
    const { organizationId } = person;
    const eventsBySession = new Map<string, number>();
    for await (const events of store.events(person)) {
      const received = new Map<number, number>();
      for (const { received_at, session_id } of events) {
        increment(received, received_at.getTime());
        if (session_id !== null) increment(eventsBySession, session_id);
      }
      const delta = fold([foldInputOf(events, typeOf)]);
      const { deltas } = await this.limit.apply(new Map([[organizationId, delta]]));
      await added.addDeltas(deltas.get(organizationId)!.types);
      await added.addReceipts(received);
    }
    return eventsBySession;
  }
}

type TypeOf = (event: StoredEvent) => CountedBy;

async function countedBy(store: PersonStore, organizationId: string): Promise<TypeOf> {
  const types = new Map<string, CountedBy>(builtInTypes.map((type) => [`${type.name} null`, type]));
  for (const type of await store.ownTypes(organizationId)) types.set(`${type.name} ${type.revision}`, type);
  return ({ type, type_revision }) => {
    const found = types.get(`${type} ${type_revision}`);
    if (!found) throw new Error(`the event type ${type} (revision ${type_revision}) is not in the catalog`);
    return found;
  };
}

/** Recomputes sessions from the given events. */
async function recount(
  pages: AsyncIterable<readonly StoredEvent[]>,
  typeOf: TypeOf,
): Promise<SessionDelta[]> {
  const sessions: SessionDelta[] = [];
  for await (const events of pages) sessions.push(...fold([foldInputOf(events, typeOf)]).sessions);
  return compactSessions(sessions);
}

const increment = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
