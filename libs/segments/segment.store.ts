import type { ClientBase } from 'pg';
import { blocksOf } from './plan-span.js';
import { READ_BACK, REWRITE, REWRITE_LARGE } from './rewrite.store.js';
import { type Span, type SpanRow, spanOf } from './span.js';

/** Blocks of a range that have events of somebody. */
const BLOCKS_OF = `
  SELECT first_ts AS "firstTs", first_id AS "firstId", last_ts AS "lastTs", last_id AS "lastId", events,
         payload_bytes::float8 AS "payloadBytes"
  FROM event_blocks b
  WHERE organization_id = $1 AND last_ts >= $4 AND first_ts < $5
    AND last_ts < date_trunc('day', $5::timestamptz, 'UTC') + interval '1 day'
    AND (EXISTS (SELECT FROM unnest($2::text[]) AS user_id WHERE may_have_user(filter, user_id))
         OR EXISTS (SELECT FROM unnest($3::text[]) AS session_id WHERE may_have_session(filter, session_id)))
    AND EXISTS (
      SELECT FROM event_segments s, unnest(s.user_ids, s.session_ids) AS e(user_id, session_id)
      WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
        AND (user_id = ANY($2) OR (user_id IS NULL AND session_id = ANY($3)))
    )`;

/** What a rewrite did. */
export interface Rewritten {
  /** Rows that are in segments now. */
  readonly moved: number;
  /** Events left out. */
  readonly removed: number;
  readonly segments: number;
}

/** Whose events to leave out: those with one of the user ids, and those without any in one of the sessions. */
export interface PersonIds {
  readonly userIds: readonly string[];
  readonly sessionIds: readonly string[];
}

/** Rows moved, events of opened blocks, how many of both were kept, and their hash. */
interface RewriteRow {
  readonly moved: number;
  readonly opened: number;
  readonly kept: number;
  readonly hash: string | null;
  readonly segments: number;
  /** Ends of the first and last block written; null without any. */
  readonly fromTs: Date | null;
  readonly fromId: string | null;
  readonly toTs: Date | null;
  readonly toId: string | null;
}

/** Hashes the events in memory; 20,000 take 7 MB. Compiling the statement would take longer than running it. */
const PLAN = `SET LOCAL enable_sort = off; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off`;

const NOBODY: PersonIds = { userIds: [], sessionIds: [] };
const DAY_MS = 86_400_000;

/** SQL that writes segments. Call it in a transaction that holds the compaction lock of the organization. */
export class SegmentStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /**
   * Moves the rows of a span into segments, together with the events of all blocks that the span touches, and reads them
   * back.
   * @throws Error when the events that are read back differ from those that were moved
   */
  async rewrite(span: Span, without = NOBODY): Promise<Rewritten> {
    const { first, last, events, payloadBytes } = span;
    const { byNumber, bySize } = blocksOf(span);
    // As a parameter, so that PostgreSQL plans the partition of this day alone.
    const endOfDay = new Date((Math.floor(first.ts.getTime() / DAY_MS) + 1) * DAY_MS);
    await this.client.query(PLAN);
    const { rows } = await this.client.query<RewriteRow>({
      ...(bySize > 1
        ? { name: 'rewrite-large-segments', text: REWRITE_LARGE }
        : { name: 'rewrite-segments', text: REWRITE }),
      values: [
        ...[this.organizationId, first.ts, first.id, last.ts, last.id],
        ...[endOfDay, without.userIds, without.sessionIds, byNumber, events],
        ...(bySize > 1 ? [bySize, payloadBytes] : []),
      ],
    });
    const written = rows[0]!;
    const { moved, opened, kept, segments } = written;
    // A row between two milliseconds would be found again and again.
    if (moved + opened === 0) {
      throw new Error(
        `no event from ${first.ts.toISOString()} on could be moved: is its instant in microseconds?`,
      );
    }
    // A block counts its events; a segment of it may have been lost.
    const isWhole = without !== NOBODY || kept === moved + opened;
    if (!isWhole || (kept > 0 && !(await this.readsBack(written)))) {
      const place = `${first.ts.toISOString()} to ${last.ts.toISOString()} of ${this.organizationId}`;
      throw new Error(`segments differ from the events they were made of: ${place}`);
    }
    return { moved, removed: moved + opened - kept, segments };
  }

  /**
   * Rewrites the segments of a half-open range that have events of somebody, without them.
   * @returns how many events were removed
   */
  async remove([from, to]: readonly [Date, Date], whose: PersonIds): Promise<number> {
    const { rows } = await this.client.query<SpanRow>(BLOCKS_OF, [
      ...[this.organizationId, whose.userIds, whose.sessionIds],
      ...[from, to],
    ]);
    let removed = 0;
    for (const block of rows) removed += (await this.rewrite(spanOf(block), whose)).removed;
    return removed;
  }

  private async readsBack({ kept, hash, fromTs, fromId, toTs, toId }: RewriteRow): Promise<boolean> {
    const { rows } = await this.client.query<{ events: number; hash: string | null }>({
      name: 'read-back-segments',
      text: READ_BACK,
      values: [this.organizationId, fromTs, fromId, toTs, toId],
    });
    return rows[0]!.events === kept && rows[0]!.hash === hash;
  }
}
