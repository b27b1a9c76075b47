import type { ClientBase } from 'pg';
import { streamPages } from '#database';
import { SegmentStore } from '#segments';
import type { CountedBy, StoredEvent } from './stored-events.js';

/** A person in an organization, by all of their ids. */
export interface NamedPerson {
  readonly organizationId: string;
  readonly userIds: readonly string[];
}

/** A person with everything that identifies their events. */
export interface Person extends NamedPerson {
  /** Every session that names them: its events without a user id count as theirs. */
  readonly sessionIds: readonly string[];
  /** Half-open range of all their events; null when there are none. */
  readonly range: readonly [Date, Date] | null;
}

/** A person's event, with the instant of receipt that identifies its batch. */
export interface PersonEvent extends StoredEvent {
  readonly received_at: Date;
}

/** A session that keeps events of others when those of a person are deleted. */
export interface SharedSession {
  readonly session_id: string;
  readonly first_seen: Date;
  readonly last_seen: Date;
}

const OF_PERSON = `
  organization_id = $1 AND ts >= $4 AND ts < $5
  AND (user_id = ANY($2) OR (user_id IS NULL AND session_id = ANY($3)))`;

/** Filters that may have a hash of the person's ids; an empty one rules out nothing, until it is made again. */
const EMPTY_FILTERS = `
  UPDATE row_blocks SET is_stale = true, filter = ''
  WHERE organization_id = $1 AND last_ts >= $4 AND after_ts < $5
    AND (EXISTS (SELECT FROM unnest($2::text[]) AS user_id WHERE may_have_user(filter, user_id))
         OR EXISTS (SELECT FROM unnest($3::text[]) AS session_id WHERE may_have_session(filter, session_id)))`;

const EVENT = `
  (extract(epoch FROM ts) * 1000)::float8 AS ts, type, type_revision, user_id, session_id, payload`;

/** SQL of everything stored about a person. All calls must share one transaction with one snapshot. */
export class PersonStore {
  constructor(private readonly client: ClientBase) {}

  /**
   * The sessions that name them in a stored event or a dead letter; for dropped days, the sessions whose user
   * they are. All deltas must have been folded in.
   */
  async sessionsOf({ organizationId, userIds }: NamedPerson): Promise<string[]> {
    const { rows } = await this.client.query<{ session_id: string }>(
      `WITH seen AS (
         SELECT min(day)::timestamp AT TIME ZONE 'UTC' AS first, (max(day) + 1)::timestamp AT TIME ZONE 'UTC' AS after
         FROM user_days WHERE organization_id = $1 AND user_id = ANY($2)
       )
       SELECT session_id FROM sessions WHERE organization_id = $1 AND user_id = ANY($2)
       UNION
       SELECT session_id FROM seen, events_between($1, first, after)
       WHERE user_id = ANY($2) AND session_id IS NOT NULL
       UNION
       SELECT event ->> 'session_id' FROM dead_letters
       WHERE organization_id = $1 AND event ->> 'user_id' = ANY($2) AND event ->> 'session_id' IS NOT NULL`,
      [organizationId, userIds],
    );
    return rows.map(({ session_id }) => session_id);
  }

  /** Finds the range of their events and of those in their sessions. */
  async find(named: NamedPerson, sessionIds: readonly string[]): Promise<Person> {
    const { organizationId, userIds } = named;
    const { rows } = await this.client.query<{ first: Date | null; after: Date | null }>(
      `SELECT min(first) AS first, max(after) AS after FROM (
         SELECT first_seen AS first, last_seen + interval '1 ms' AS after
         FROM sessions WHERE organization_id = $1 AND session_id = ANY($3)
         UNION ALL
         SELECT day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC'
         FROM user_days WHERE organization_id = $1 AND user_id = ANY($2)
       ) AS seen`,
      [organizationId, userIds, sessionIds],
    );
    const { first, after } = rows[0]!;
    return { organizationId, userIds, sessionIds, range: first && after ? [first, after] : null };
  }

  /** Streams their events in order of time, in chunks. */
  async *events(person: Person): AsyncGenerator<PersonEvent[]> {
    if (!person.range) return;
    yield* streamPages<PersonEvent>(
      this.client,
      'events_of_person',
      `SELECT received_at, ${EVENT} FROM events_between($1, $4, $5) AS events WHERE ${OF_PERSON} ORDER BY events.ts`,
      valuesOf(person),
    );
  }

  async deleteEvents(person: Person): Promise<number> {
    const { organizationId, range, ...whose } = person;
    if (!range) return 0;
    const rows = await this.delete(`DELETE FROM event_rows WHERE ${OF_PERSON}`, valuesOf(person));
    await this.client.query(EMPTY_FILTERS, valuesOf(person));
    return rows + (await new SegmentStore(this.client, organizationId).remove(range, whose));
  }

  /** The dimensions and measures of all own types, by name and revision. */
  async ownTypes(organizationId: string): Promise<(CountedBy & { name: string; revision: number })[]> {
    const { rows } = await this.client.query(
      'SELECT name, revision, dimensions, measures FROM event_types WHERE organization_id = $1',
      [organizationId],
    );
    return rows;
  }

  /**
   * Their sessions that also have events of others.
   * @param eventsBySession number of the person's events in each
   */
  async sharedSessions(
    { organizationId, sessionIds }: Person,
    eventsBySession: ReadonlyMap<string, number>,
  ): Promise<SharedSession[]> {
    const { rows } = await this.client.query<SharedSession>(
      `SELECT s.session_id, s.first_seen, s.last_seen
       FROM unnest($2::text[], $3::int[]) AS own(session_id, events)
       JOIN sessions s ON s.organization_id = $1 AND s.session_id = own.session_id AND s.events > own.events`,
      [organizationId, sessionIds, sessionIds.map((id) => eventsBySession.get(id) ?? 0)],
    );
    return rows;
  }

  /** Streams the events of some sessions, in chunks. */
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
      `SELECT ${EVENT} FROM events_between($1, $3, $4::timestamptz + interval '1 ms') WHERE session_id = ANY($2)`,
      [organizationId, sessions.map(({ session_id }) => session_id), new Date(first), new Date(last)],
    );
  }

  deleteSessions({ organizationId, sessionIds }: Person): Promise<number> {
    const query = 'DELETE FROM sessions WHERE organization_id = $1 AND session_id = ANY($2)';
    return this.delete(query, [organizationId, sessionIds]);
  }

  /** Deletes their days with the weeks, months and first days; resolves with the number of days. */
  async deleteUserDays({ organizationId, userIds }: Person): Promise<number> {
    const values = [organizationId, userIds];
    await this.delete('DELETE FROM user_periods WHERE organization_id = $1 AND user_id = ANY($2)', values);
    await this.delete('DELETE FROM user_first_days WHERE organization_id = $1 AND user_id = ANY($2)', values);
    return this.delete('DELETE FROM user_days WHERE organization_id = $1 AND user_id = ANY($2)', values);
  }

  deleteDeadLetters({ organizationId, userIds, sessionIds }: Person): Promise<number> {
    return this.delete(
      `DELETE FROM dead_letters WHERE organization_id = $1 AND (
         event ->> 'user_id' = ANY($2) OR (event ->> 'user_id' IS NULL AND event ->> 'session_id' = ANY($3)))`,
      [organizationId, userIds, sessionIds],
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
