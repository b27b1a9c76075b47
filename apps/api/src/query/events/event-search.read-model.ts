import type { ClientBase } from 'pg';
import type { EventFilter, EventPosition, EventRow } from './event-filter.js';
import { type EventsBefore, eventsPage } from './events-page.read-model.js';
import { payloadFilter } from './payload-filter.read-model.js';

/** Events whose payloads are checked by one statement: few at first, because most conditions fill a page soon. */
const FIRST_STEP = 2_000;
const LAST_STEP = 20_000;
const GROWTH = 3;

/** What a step of a search has found. */
export interface Found {
  readonly rows: readonly EventRow[];
  /** Events whose payloads were checked. */
  readonly read: number;
  /** The last event that was checked; null: there are no further ones. */
  readonly last: EventPosition | null;
}

type CheckedRow = { readonly [K in keyof EventRow]: EventRow[K] | null } & {
  readonly read: number;
  readonly lastTs: Date | null;
  readonly lastId: string | null;
};

/** Reads the events of a filter in steps, the newest first. Without conditions on payloads one step is enough. */
export class EventSearch {
  private size = FIRST_STEP;

  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
    private readonly filter: EventFilter,
  ) {}

  /**
   * @param from milliseconds since the epoch
   * @param until events before this position
   * @param wanted most events to find
   */
  step(from: number, until: EventPosition, wanted: number): Promise<Found> {
    const { filter } = this;
    if (!filter.payload?.length) return this.newest({ filter, from, until, limit: wanted });
    const limit = this.size;
    this.size = Math.min(LAST_STEP, GROWTH * limit);
    return this.checked({ filter, from, until, limit }, wanted);
  }

  private async newest(which: EventsBefore): Promise<Found> {
    const { text, values } = eventsPage(this.organizationId, which);
    const { rows } = await this.client.query<EventRow>(text, values);
    return { rows, read: 0, last: null };
  }

  private async checked(which: EventsBefore, wanted: number): Promise<Found> {
    const { text, values } = eventsPage(this.organizationId, which);
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const isWanted = payloadFilter(which.filter.payload ?? [], parameter);
    const { rows } = await this.client.query<CheckedRow>(
      `WITH candidates AS MATERIALIZED (${text})
       SELECT checked.*, found.*
       FROM (SELECT count(*)::int AS read, (array_agg(ts))[count(*)] AS "lastTs", (array_agg(id))[count(*)] AS "lastId"
             FROM candidates) AS checked
       LEFT JOIN LATERAL (
         SELECT * FROM candidates WHERE ${isWanted} ORDER BY ts DESC, id DESC LIMIT ${parameter(wanted)}
       ) AS found ON true`,
      values,
    );
    const { read, lastTs, lastId } = rows[0]!;
    return {
      rows: rows.flatMap((row) => (row.id === null ? [] : [eventOf(row as CheckedRow & EventRow)])),
      read,
      last: read === which.limit && lastTs && lastId !== null ? [lastTs.getTime(), lastId] : null,
    };
  }
}

const eventOf = ({ read: _, lastTs: __, lastId: ___, ...event }: CheckedRow & EventRow): EventRow => event;
