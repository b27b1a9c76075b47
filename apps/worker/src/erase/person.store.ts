import type { ClientBase } from 'pg';
import { streamPages } from '#database';
import type { SeriesDelta } from '#rollups';
import type { CountedBy, StoredEvent } from './stored-events.js';

/** A person in an organization, as everything that is kept of them is found. */
export interface Person {
  readonly organizationId: string;
  /** Everything that they are known as. */
  readonly userIds: readonly string[];
  /** Their sessions: what happened in those without naming anyone was them, too. */
  readonly sessionIds: readonly string[];
  /** Instants between which all their events lie, the second excluded; null when there are none. */
  readonly range: readonly [Date, Date] | null;
}

/** A person's event, with what tells which batch it came with. */
export interface PersonEvent extends StoredEvent {
  readonly received_at: Date;
}

/** A session of which events are left when a person's are gone. */
export interface SharedSession {
  readonly session_id: string;
  readonly first_seen: Date;
  readonly last_seen: Date;
}

const OF_PERSON = `
  organization_id = $1 AND ts >= $4 AND ts < $5
  AND (user_id = ANY($2) OR (user_id IS NULL AND session_id = ANY($3)))`;

const EVENT = `
  (extract(epoch FROM ts) * 1000)::float8 AS ts, type, type_revision, user_id, session_id, payload`;

/** SQL about all that is kept of a person; every call belongs to one transaction of one snapshot. */
export class PersonStore {
  constructor(private readonly client: ClientBase) {}

  /** Looks in sessions and user days, into which everything must have been folded. */
  async find(organizationId: string, userIds: readonly string[]): Promise<Person> {
    const { rows } = await this.client.query<{
      sessions: string[] | null;
      first: Date | null;
      end: Date | null;
    }>(
      `WITH own AS (
         SELECT session_id, first_seen, last_seen FROM sessions WHERE organization_id = $1 AND user_id = ANY($2)
       )
       SELECT (SELECT array_agg(session_id) FROM own) AS sessions,
              min(first_seen) AS first, max(last_seen) + interval '1 ms' AS end
       FROM (
         SELECT first_seen, last_seen FROM own
         UNION ALL
         SELECT day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC'
         FROM user_days WHERE organization_id = $1 AND user_id = ANY($2)
       ) AS seen`,
      [organizationId, userIds],
    );
    const { sessions, first, end } = rows[0]!;
    return { organizationId, userIds, sessionIds: sessions ?? [], range: first && end ? [first, end] : null };
  }

  /** Their events, some at a time. */
  async *events(person: Person): AsyncGenerator<PersonEvent[]> {
    if (!person.range) return;
    yield* streamPages<PersonEvent>(
      this.client,
      'events_of_person',
      `SELECT received_at, ${EVENT} FROM events WHERE ${OF_PERSON}`,
      valuesOf(person),
    );
  }

  async deleteEvents(person: Person): Promise<number> {
    if (!person.range) return 0;
    return this.delete(`DELETE FROM events WHERE ${OF_PERSON}`, valuesOf(person));
  }

  /** What is counted of a type's events, by name and revision. */
  async ownTypes(organizationId: string): Promise<(CountedBy & { name: string; revision: number })[]> {
    const { rows } = await this.client.query(
      'SELECT name, revision, dimensions, measures FROM event_types WHERE organization_id = $1',
      [organizationId],
    );
    return rows;
  }

  /** Of some sessions those that have more events than are named. */
  async sharedSessions(
    organizationId: string,
    eventsBySession: ReadonlyMap<string, number>,
  ): Promise<SharedSession[]> {
    const { rows } = await this.client.query<SharedSession>(
      `SELECT s.session_id, s.first_seen, s.last_seen
       FROM unnest($2::text[], $3::int[]) AS own(session_id, events)
       JOIN sessions s ON s.organization_id = $1 AND s.session_id = own.session_id AND s.events > own.events`,
      [organizationId, [...eventsBySession.keys()], [...eventsBySession.values()]],
    );
    return rows;
  }

  /** Events of some sessions, some at a time. */
  async *eventsOfSessions(
    organizationId: string,
    sessions: readonly SharedSession[],
  ): AsyncGenerator<StoredEvent[]> {
    if (sessions.length === 0) return;
    const instants = (pick: (session: SharedSession) => Date) => sessions.map((one) => pick(one).getTime());
    const first = instants(({ first_seen }) => first_seen).reduce((a, b) => Math.min(a, b));
    const last = instants(({ last_seen }) => last_seen).reduce((a, b) => Math.max(a, b));
    yield* streamPages<StoredEvent>(
      this.client,
      'events_of_sessions',
      `SELECT ${EVENT} FROM events
       WHERE organization_id = $1 AND session_id = ANY($2) AND ts >= $3 AND ts <= $4`,
      [organizationId, sessions.map(({ session_id }) => session_id), new Date(first), new Date(last)],
    );
  }

  /** Deletes the sessions of a person, and others that they took part in. */
  async deleteSessions({ organizationId, sessionIds }: Person, others: Iterable<string>): Promise<number> {
    const ids = [...new Set([...sessionIds, ...others])];
    const query = 'DELETE FROM sessions WHERE organization_id = $1 AND session_id = ANY($2)';
    return this.delete(query, [organizationId, ids]);
  }

  deleteUserDays({ organizationId, userIds }: Person): Promise<number> {
    const query = 'DELETE FROM user_days WHERE organization_id = $1 AND user_id = ANY($2)';
    return this.delete(query, [organizationId, userIds]);
  }

  deleteDeadLetters({ organizationId, userIds, sessionIds }: Person): Promise<number> {
    return this.delete(
      `DELETE FROM dead_letters WHERE organization_id = $1 AND (
         event ->> 'user_id' = ANY($2) OR (event ->> 'user_id' IS NULL AND event ->> 'session_id' = ANY($3)))`,
      [organizationId, userIds, sessionIds],
    );
  }

  /** Keeps what erased events have added to the rollups, which stay as they are. */
  async keepDeltas(
    organizationId: string,
    types: ReadonlyMap<string, readonly SeriesDelta[]>,
  ): Promise<void> {
    const series = [...types.values()].map((deltas) => JSON.stringify(deltas));
    await this.client.query(
      `INSERT INTO erased_deltas (organization_id, type, series)
       SELECT $1, type, series FROM unnest($2::text[], $3::json[]) AS n(type, series)`,
      [organizationId, [...types.keys()], series],
    );
  }

  /** Keeps how many erased events the ledger knows of, by the millisecond in which they were received. */
  async keepReceipts(organizationId: string, received: ReadonlyMap<number, number>): Promise<void> {
    await this.client.query(
      `INSERT INTO erased_receipts AS r (organization_id, received_at, events)
       SELECT $1, to_timestamp(received_at / 1000), events FROM unnest($2::float8[], $3::int[]) AS n(received_at, events)
       ON CONFLICT (organization_id, received_at) DO UPDATE SET events = r.events + EXCLUDED.events`,
      [organizationId, [...received.keys()], [...received.values()]],
    );
  }

  private async delete(query: string, values: unknown[]): Promise<number> {
    const { rowCount } = await this.client.query(query, values);
    return rowCount ?? 0;
  }
}

const valuesOf = ({ organizationId, userIds, sessionIds, range }: Person) => [
  ...[organizationId, userIds, sessionIds],
  ...range!,
];
