import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { Problem } from '../../http/problem.js';
import { FairShare, TooManyWaiting } from './fair-share.js';

/** Queries of one organization that a replica has under way; the pool's other connections are for everyone else. */
const AT_ONCE = 2;
/** More of them than this do not wait, and none waits for longer. */
const MOST_WAITING = 100;
const PATIENCE_MS = 15_000;

/**
 * Reads of organizations' data, each within its own rows and its share of the database: 40 large aggregates that one
 * sent at once, each of 0.4 s, made events of others wait for 6 s.
 */
@Injectable()
export class TenantReads {
  private readonly share = new FairShare({
    atOnce: AT_ONCE,
    mostWaiting: MOST_WAITING,
    patienceMs: PATIENCE_MS,
  });

  constructor(private readonly pool: Pool) {}

  /** @throws Problem 429 when the organization has too many under way */
  async run<T>(organizationId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await this.share.run(organizationId, () => inTenant(this.pool, organizationId, work));
    } catch (error) {
      if (!(error instanceof TooManyWaiting)) throw error;
      const detail = 'The organization has too many queries under way: send fewer at once, or smaller ones';
      throw new Problem(429, 'too_many_queries', detail, undefined, { 'retry-after': '1' });
    }
  }
}
