import type { ClientBase } from 'pg';
import { compactSessions, compactUserDays } from '../compaction/compact.js';
import { mergeDeltas } from '../compaction/merged-series.js';
import type { SeriesDelta, SessionDelta, UserDay } from '../delta/delta.js';
import { DeltaMemory } from './delta-memory.js';
import {
  activityDeltaIds,
  seriesDeltaIds,
  seriesDeltas,
  sessionDeltas,
  userDayDeltas,
} from './pending-deltas.read-model.js';

/** A second of deltas: one snapshot answers several questions. */
const SERIES = { merge: mergeDeltas, newest: 32 };
/** Each snapshot reads them once, at its beginning. */
const USER_DAYS = { merge: compactUserDays, newest: 8 };
const SESSIONS = { merge: compactSessions, newest: 8 };
/** Series and base buckets in memory; one takes about a kilobyte. */
const MAX_SERIES = 20_000;
/** Days of users in memory; one takes about 150 bytes. */
const MAX_USER_DAYS = 100_000;
/** Sessions in memory; one takes about 200 bytes. */
const MAX_SESSIONS = 50_000;

/** Deltas of an event type that a transaction sees. */
export interface PendingSeries {
  readonly type: string;
  readonly ids: ReadonlySet<number>;
  /** Those of a base bucket may come several times. */
  readonly series: Iterable<SeriesDelta>;
}

/**
 * Reads deltas that are not compacted yet, and remembers them: to parse what an organization sent in half a minute takes
 * longer than to add up its rollups of a month.
 */
export class PendingDeltas {
  private readonly seriesMemory = new DeltaMemory<SeriesDelta>(SERIES, MAX_SERIES);
  private readonly userDaysMemory = new DeltaMemory<UserDay>(USER_DAYS, MAX_USER_DAYS);
  private readonly sessionsMemory = new DeltaMemory<SessionDelta>(SESSIONS, MAX_SESSIONS);

  /**
   * Deltas that the transaction sees, by type.
   * @param client in a transaction of the organization
   */
  async series(
    client: ClientBase,
    organizationId: string,
    types: readonly string[],
  ): Promise<PendingSeries[]> {
    const pending: PendingSeries[] = [];
    for (const [type, ids] of await seriesDeltaIds(client, organizationId, types)) {
      const series = await this.seriesMemory.deltas(`${organizationId} ${type}`, ids, (missing) =>
        seriesDeltas(client, organizationId, type, missing),
      );
      pending.push({ type, ids: new Set(ids), series });
    }
    return pending;
  }

  /**
   * Days of users that the transaction sees, each once. Without a snapshot, read `user_days` after this: what is compacted
   * in between is in both then.
   * @param client in a transaction of the organization
   */
  async userDays(client: ClientBase, organizationId: string): Promise<readonly UserDay[]> {
    const ids = await activityDeltaIds(client, organizationId);
    const days = await this.userDaysMemory.deltas(organizationId, ids, (missing) =>
      userDayDeltas(client, organizationId, missing),
    );
    return compactUserDays(days);
  }

  /**
   * Deltas of sessions that the transaction sees; those of a session may come several times. Without a snapshot, read
   * `sessions` after this.
   * @param client in a transaction of the organization
   */
  async sessions(client: ClientBase, organizationId: string): Promise<Iterable<SessionDelta>> {
    const ids = await activityDeltaIds(client, organizationId);
    return this.sessionsMemory.deltas(organizationId, ids, (missing) =>
      sessionDeltas(client, organizationId, missing),
    );
  }
}
