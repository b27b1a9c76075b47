import type { ClientBase, Pool } from 'pg';
import { recordAudit } from '#identity';

/** A request to erase a person. */
export interface Erasure {
  readonly organizationId: string;
  readonly id: string;
  readonly actor: string;
  /** Network address of the caller. */
  readonly clientAddress: string | null;
  /** Every id of the person. */
  readonly userIds: readonly string[];
}

/** Rows deleted for a person, by kind. */
export interface ErasedCounts {
  readonly events: number;
  readonly sessions: number;
  /** Days on which they were active. */
  readonly days: number;
  readonly dead_letters: number;
}

/**
 * @param without ids of requests to skip
 * @returns the oldest pending request among the others; null when there is none
 */
export async function nextErasure(pool: Pool, without: readonly string[] = []): Promise<Erasure | null> {
  const { rows } = await pool.query<Erasure>(
    `SELECT organization_id AS "organizationId", id, actor, origin AS "clientAddress", user_ids AS "userIds" FROM erasures
     WHERE finished_at IS NULL AND id <> ALL($1) ORDER BY requested_at LIMIT 1`,
    [without],
  );
  return rows[0] ?? null;
}

/** SQL of a request. Call it in the erasing transaction. */
export class ErasureStore {
  constructor(
    private readonly client: ClientBase,
    private readonly erasure: Erasure,
  ) {}

  /** False when another worker has completed it. */
  async isPending(): Promise<boolean> {
    const { organizationId, id } = this.erasure;
    const { rowCount } = await this.client.query(
      'SELECT FROM erasures WHERE organization_id = $1 AND id = $2 AND finished_at IS NULL',
      [organizationId, id],
    );
    return rowCount === 1;
  }

  /** Stores the counts, and removes the ids of the person. */
  async finish(counts: ErasedCounts): Promise<void> {
    const { organizationId, id, actor, clientAddress } = this.erasure;
    await this.client.query(
      `UPDATE erasures SET finished_at = now(), user_ids = '{}', counts = counts || $3
       WHERE organization_id = $1 AND id = $2`,
      [organizationId, id, counts],
    );
    const details = { erasure_id: id, ...counts };
    await recordAudit(this.client, { organizationId, actor, action: 'user.erased', clientAddress, details });
  }
}
