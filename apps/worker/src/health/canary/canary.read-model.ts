import type { Pool } from 'pg';
import type { EncodedBatch } from '#batch';
import { deviceMetric } from '#catalog';
import { inTenant } from '#database';
import { CANARY_ORGANIZATION } from '#identity';
import { PendingDeltas, RollupReads } from '#rollups';

const MINUTE_MS = 60_000;
/** Milliseconds, as of a query of a client. */
const STATEMENT_TIMEOUT_MS = 5_000;

const OUTCOME = `
  SELECT stored FROM ledger WHERE organization_id = $1 AND received_at = $2 AND batch_id = $3`;

/** Its minute cannot be closed: days are closed hours after they end. */
const EVENTS = `
  SELECT count(*)::integer AS events FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3`;

/** Reads where a canary is. */
export class CanaryReadModel {
  private readonly rollups = new RollupReads(new PendingDeltas());

  constructor(private readonly pool: Pool) {}

  /**
   * Whether the canary is stored; null: it has not arrived.
   * @param signal its abort ends the statement
   */
  async isStored({ receivedAt, batchId }: EncodedBatch, signal: AbortSignal): Promise<boolean | null> {
    return this.read(signal, async (client) => {
      const { rows } = await client.query<{ stored: number }>(OUTCOME, [
        CANARY_ORGANIZATION,
        new Date(receivedAt),
        batchId,
      ]);
      return rows[0] ? rows[0].stored === 1 : null;
    });
  }

  /** Whether the aggregate of the canary's minute has all of its events. */
  async isCounted({ receivedAt }: EncodedBatch, signal: AbortSignal): Promise<boolean> {
    const from = Math.floor(receivedAt / MINUTE_MS) * MINUTE_MS;
    const bounds = [from, from + MINUTE_MS];
    return this.read(signal, async (client) => {
      const { rows } = await client.query<{ events: number }>(EVENTS, [
        CANARY_ORGANIZATION,
        ...bounds.map((bound) => new Date(bound)),
      ]);
      const [series] = await this.rollups.in(client, CANARY_ORGANIZATION).series({
        ...{ types: [deviceMetric.name], bounds, periods: 1, stored: '1m' },
        ...{ groupBy: [], where: {}, statistics: ['count'] },
      });
      return series?.totals[0]?.[0] === rows[0]!.events;
    });
  }

  private read<T>(signal: AbortSignal, work: Parameters<typeof inTenant<T>>[2]): Promise<T> {
    return inTenant(this.pool, CANARY_ORGANIZATION, work, {
      mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      settings: [`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`],
      signal,
    });
  }
}
