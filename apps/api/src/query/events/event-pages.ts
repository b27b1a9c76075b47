import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { cursorScope, decodeCursor, encodeCursor } from '../../http/input/cursor.js';
import type { PageQuery } from '../../http/input/page.js';
import { readerOf } from '../tenant-reads/reader.js';
import { type EventFilter, type EventRow, isEventPosition } from './event-filter.js';
import type { EventPageEnd } from './event-page.schema.js';
import { EventsReadModel } from './events.read-model.js';

const DAY_MS = 86_400_000;

/** A page of events, and how it ends in the answer. */
export interface EventPage {
  readonly rows: readonly EventRow[];
  readonly end: EventPageEnd;
}

/** Pages of raw events, newest first, for every route that lists some. */
@Injectable()
export class EventPages {
  constructor(
    private readonly events: EventsReadModel,
    private readonly environment: Environment,
  ) {}

  /** End, and length before the end, of a range that holds every event; milliseconds. */
  everything(): { readonly to: number; readonly lengthMs: number } {
    return {
      to: Date.now() + 2 * DAY_MS,
      lengthMs: (this.environment.EVENT_RETENTION_DAYS + 3) * DAY_MS,
    };
  }

  /**
   * @param query an instance of a class of its own, to which the cursor is bound
   * @throws Problem 400 when the cursor is of another query
   */
  async page(request: AuthenticatedRequest, query: PageQuery, filter: EventFilter): Promise<EventPage> {
    const scope = cursorScope(request.principal.organizationId, query);
    const after = decodeCursor(scope, query.cursor, isEventPosition);
    const { rows, next, isCutShort } = await this.events.list(readerOf(request), filter, query.limit, after);
    return {
      rows,
      end: {
        next_cursor: next && encodeCursor(scope, next),
        ...(isCutShort && next ? { searched_until: new Date(next[0]) } : {}),
      },
    };
  }
}
