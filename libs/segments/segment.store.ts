import type { ClientBase } from 'pg';
import { READ_BACK, REWRITE } from './rewrite.store.js';
import { type Span, type SpanRow, spanOf } from './span.js';

/** Blocks of a range that have events of somebody. */
const BLOCKS_OF = `
  SELECT DISTINCT s.first_ts AS "firstTs", s.first_id AS "firstId", s.last_ts AS "lastTs", s.last_id AS "lastId"
  FROM event_segments s
  WHERE s.organization_id = $1 AND s.last_ts >= $4 AND s.first_ts < $5
    AND s.last_ts < date_trunc('day', $5::timestamptz, 'UTC') + interval '1 day'
    AND EXISTS (
      SELECT FROM unnest(s.user_ids, s.session_ids) AS e(user_id, session_id)
      WHERE user_id = ANY($2) OR (user_id IS NULL AND session_id = ANY($3))
    )`;

/** What a rewrite did. */
export interface Rewritten {
  /** Rows that are in segments now. */
  readonly moved: number;
  /** Events left out. */
  readonly removed: number;
  readonly segments: number;
}

interface ReadBack {
  readonly events: number;
  readonly hash: string | null;
}

/** Whose events to leave out: those with one of the user ids, and those without any in one of the sessions. */
export interface PersonIds {
  readonly userIds: readonly string[];
  readonly sessionIds: readonly string[];
}

/** Rows moved, events of opened blocks, and how many of both were kept; the span of the blocks that hold them now. */
interface RewriteRow extends SpanRow {
  readonly moved: number;
  readonly opened: number;
  readonly kept: number;
  readonly hash: string | null;
  readonly segments: number;
}

/**
 * Hashes the events of a rewrite in memory; 20,000 usual ones take 7 MB. Compiling the statement would take longer than
 * running it.
 */
const PLAN = `SET LOCAL enable_sort = off; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off`;

const NOBODY: PersonIds = { userIds: [], sessionIds: [] };
const DAY_MS = 86_400_000;

/** SQL that writes segments. Call it in a transaction that holds the compaction lock of the organization. */
export class SegmentStore {
  constructor(private readonly client: ClientBase) {}

  /**
   * Moves the rows of a span into segments, together with the events of all blocks that the span touches, and reads them
   * back.
   * @throws Error when the events that are read back differ from those that were moved
   */
  async rewrite({ organizationId, first, last }: Span, without = NOBODY): Promise<Rewritten> {
    // As a parameter, so that PostgreSQL plans the partition of this day alone.
    const endOfDay = new Date((Math.floor(first.ts.getTime() / DAY_MS) + 1) * DAY_MS);
    await this.client.query(PLAN);
    const { rows } = await this.client.query<RewriteRow>({
      name: 'rewrite-segments',
      text: REWRITE,
      values: [
        ...[organizationId, first.ts, first.id, last.ts, last.id],
        ...[endOfDay, without.userIds, without.sessionIds],
      ],
    });
    const { moved, opened, kept, hash, segments, ...blocks } = rows[0]!;
    // Positions have milliseconds. A row between two of them would be found again and again.
    if (moved + opened === 0) throw new Error(`no event from ${first.ts.toISOString()} on could be moved`);
    if (kept > 0) {
      const stored = await this.readBack(spanOf(organizationId, blocks));
      if (stored.events !== kept || stored.hash !== hash) {
        const place = `${first.ts.toISOString()} to ${last.ts.toISOString()} of ${organizationId}`;
        throw new Error(`segments differ from the events they were made of: ${place}`);
      }
    }
    return { moved, removed: moved + opened - kept, segments };
  }

  /**
   * Rewrites the segments of a half-open range that have events of somebody, without them.
   * @returns how many events were removed
   */
  async remove(organizationId: string, [from, to]: readonly [Date, Date], whose: PersonIds): Promise<number> {
    const { rows } = await this.client.query<SpanRow>(BLOCKS_OF, [
      ...[organizationId, whose.userIds, whose.sessionIds],
      ...[from, to],
    ]);
    let removed = 0;
    for (const block of rows) {
      removed += (await this.rewrite(spanOf(organizationId, block), whose)).removed;
    }
    return removed;
  }

  private async readBack({ organizationId, first, last }: Span): Promise<ReadBack> {
    const { rows } = await this.client.query<ReadBack>({
      name: 'read-back-segments',
      text: READ_BACK,
      values: [organizationId, first.ts, first.id, last.ts, last.id],
    });
    return rows[0]!;
  }
}
