import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import type { Reader } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { EVENTS_PAGE } from './events-page.read-model.js';

/** Which events to list; instants in milliseconds since the epoch, half-open. */
export interface EventFilter {
  readonly from: number;
  readonly to: number;
  readonly type?: string;
  readonly userId?: string;
  readonly sessionId?: string;
}

/** Where a page ended: instant in milliseconds since the epoch, and id. */
export type EventPosition = readonly [number, string];

export interface EventRow {
  readonly id: string;
  readonly ts: Date;
  readonly received_at: Date;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly src: string | null;
  readonly payload: unknown;
}

/** Which page of a list. */
interface Page {
  readonly limit: number;
  /** Position after which the page begins; null: the first page. */
  readonly after: EventPosition | null;
}

/**
 * Searches the newest four days of the range first, then eight times as many, and so on. Most pages are full
 * after four days, and PostgreSQL plans the partition of each day: 3.5 ms for 93 of them, 0.6 ms for four.
 */
const FIRST_MS = 4 * 86_400_000;
const GROWTH = 8;

/** SQL of raw events. */
@Injectable()
export class EventsReadModel {
  constructor(private readonly reads: TenantReads) {}

  /** The newest events first, after a position when there is one. */
  async list(
    reader: Reader,
    filter: EventFilter,
    limit: number,
    after: EventPosition | null,
  ): Promise<EventRow[]> {
    const { from } = filter;
    // Everything after a position is at least as old as it.
    const to = after ? Math.min(filter.to, after[0] + 1) : filter.to;
    return this.reads.run(reader, async (client) => {
      // The key has this order. But with statistics older than the organization, PostgreSQL expects a handful of
      // its events and sorts them all: 100,000 took 160 ms instead of 0.1.
      await client.query('SET LOCAL enable_sort = off');
      const rows: EventRow[] = [];
      for (let end = to, length = FIRST_MS; end > from && rows.length < limit; length *= GROWTH) {
        const start = Math.max(from, end - length);
        const span = { ...filter, from: start, to: end };
        rows.push(
          ...(await newest(client, reader.organizationId, span, { limit: limit - rows.length, after })),
        );
        end = start;
      }
      return rows;
    });
  }
}

async function newest(
  client: ClientBase,
  organizationId: string,
  { from, to, type, userId, sessionId }: EventFilter,
  { limit, after }: Page,
): Promise<EventRow[]> {
  const isOfSomebody = userId !== undefined || sessionId !== undefined;
  const { rows } = await client.query<EventRow>(isOfSomebody ? EVENTS_PAGE.ofSomebody : EVENTS_PAGE.all, [
    organizationId,
    from,
    to,
    type ?? null,
    userId ?? null,
    sessionId ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
  ]);
  return rows;
}
