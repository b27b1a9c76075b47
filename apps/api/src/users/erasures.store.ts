import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';
import { type Actor, everyUserId, recordAct, userMark } from '#identity';

/** Rows deleted, by kind. */
export interface ErasureCounts {
  readonly users: number;
  readonly events: number;
  readonly sessions: number;
  readonly days: number;
  readonly dead_letters: number;
}

/** SQL of erasure requests. */
@Injectable()
export class ErasuresStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Deletes a user's profile, and requests that the workers delete the rest.
   * @returns the erasure's id
   */
  async request(actor: Actor, organizationId: string, userId: string): Promise<string> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows: profiles } = await client.query<{ pseudonym_key: Buffer }>(
        'SELECT pseudonym_key FROM organizations WHERE id = $1',
        [organizationId],
      );
      const { pseudonym_key: key } = profiles[0]!;
      const userIds = everyUserId(key, userId);
      const { rowCount } = await client.query(
        'DELETE FROM users WHERE organization_id = $1 AND external_id = ANY($2)',
        [organizationId, userIds],
      );
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO erasures (organization_id, actor, origin, user_ids, counts) VALUES ($1, $2, $3, $4, $5)
         RETURNING id`,
        [organizationId, actor.subject, actor.clientAddress, userIds, { users: rowCount }],
      );
      const { id } = rows[0]!;
      const details = { erasure_id: id, user: userMark(key, userId) };
      await recordAct(client, actor, organizationId, 'user.erase', details);
      return id;
    });
  }

  /** @returns what was deleted, or null while the erasure is pending */
  async outcome(organizationId: string, id: string): Promise<ErasureCounts | null> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows } = await client.query<{ counts: ErasureCounts }>(
        'SELECT counts FROM erasures WHERE organization_id = $1 AND id = $2 AND finished_at IS NOT NULL',
        [organizationId, id],
      );
      return rows[0]?.counts ?? null;
    });
  }
}
