import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { Problem } from '../../http/problem.js';
import { ConcurrencyLimitExceeded, OwnerConcurrencyLimit } from './owner-concurrency-limit.js';
import type { Reader } from './reader.js';

/** Most concurrent queries of one organization per replica; other organizations get the other connections. */
const CONCURRENCY = 2;
const MAX_WAITING = 100;
const MAX_WAIT_MS = 15_000;

/** Milliseconds after which the database cancels a statement. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** Milliseconds until the database notices that a connection is gone and cancels its statement. */
const CONNECTION_CHECK_MS = 500;
const QUERY_CANCELED = '57014';

const SETTINGS = [
  // Cursors are read to the end.
  'SET LOCAL cursor_tuple_fraction = 1',
  `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
  `SET LOCAL client_connection_check_interval = ${CONNECTION_CHECK_MS}`,
];

/**
 * Runs queries confined to the rows of one tenant and to its concurrency limit. Without the limit, 40
 * concurrent aggregates of 0.4 s from one tenant delayed the events of others by 6 s.
 */
@Injectable()
export class TenantReads {
  private readonly limit = new OwnerConcurrencyLimit({
    concurrency: CONCURRENCY,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
  });

  constructor(private readonly pool: Pool) {}

  /**
   * Runs `work` in a transaction in which each statement sees a snapshot of its own.
   * @param settings further settings of the transaction, in SQL
   * @throws Problem 429 when the organization has too many queries running; 400 `query_too_expensive` when a statement
   * takes over five seconds; 499 when the client has left
   */
  run<T>(
    reader: Reader,
    work: (client: PoolClient) => Promise<T>,
    settings: readonly string[] = [],
  ): Promise<T> {
    return this.read('READ ONLY', reader, work, settings);
  }

  /**
   * Runs `work` in one snapshot. Not for raw events (`snapshotOfEvents`): when a day is closed, its rows vanish from older snapshots
   * (TRUNCATE is not MVCC-safe), and its segments are not in them yet.
   * @throws Problem as `run`
   */
  snapshot<T>(reader: Reader, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.read('ISOLATION LEVEL REPEATABLE READ, READ ONLY', reader, work);
  }

  /** As `snapshot`, with raw events: no day is closed until `work` ends, so it should be short. */
  snapshotOfEvents<T>(reader: Reader, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.snapshot(reader, async (client) => {
      // Locks come before the snapshot.
      await client.query('LOCK TABLE events IN ACCESS SHARE MODE');
      return work(client);
    });
  }

  private async read<T>(
    mode: string,
    { organizationId, signal, begin }: Reader,
    work: (client: PoolClient) => Promise<T>,
    settings: readonly string[] = [],
  ): Promise<T> {
    try {
      return await this.limit.run(organizationId, () => {
        begin?.();
        return inTenant(this.pool, organizationId, work, {
          mode,
          settings: [...SETTINGS, ...settings],
          signal,
        });
      });
    } catch (error) {
      if (signal?.aborted) throw new Problem(499, 'client_closed_request', 'The client has left');
      throw toProblem(error);
    }
  }
}

function toProblem(error: unknown): unknown {
  if (error instanceof ConcurrencyLimitExceeded) {
    const detail = 'Too many concurrent queries of this organization: send fewer at once, or smaller ones';
    return new Problem(429, 'too_many_queries', detail, undefined, { 'retry-after': '1' });
  }
  if ((error as { code?: unknown }).code === QUERY_CANCELED) {
    const seconds = STATEMENT_TIMEOUT_MS / 1000;
    const detail = `The query took over ${seconds} s: ask for a shorter range, a wider window or fewer groups`;
    return new Problem(400, 'query_too_expensive', detail);
  }
  return error;
}
