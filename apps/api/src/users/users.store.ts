import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { failureKind, inTenant } from '#database';
import { type Actor, recordAct, userMark } from '#identity';

/** A user to create or update: absent fields stay as they are, null clears a field. */
export interface UserDraft {
  readonly external_id: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly team?: string | null;
}

export interface UserRow {
  readonly external_id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly team: string | null;
  readonly created_at: Date;
}

/** Another user of the organization has this address. */
export class EmailTaken extends Error {}

const COLUMNS = 'external_id, name, email, team, created_at';

/** SQL of the users named in events. */
@Injectable()
export class UsersStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Creates or updates a user, and records that in the audit log.
   * @returns the user as stored
   * @throws EmailTaken
   */
  async put(
    actor: Actor,
    organizationId: string,
    draft: UserDraft,
  ): Promise<{ user: UserRow; isNew: boolean }> {
    try {
      return await inTenant(this.pool, organizationId, async (client) => {
        const { rows } = await client.query<UserRow & { is_new: boolean; pseudonym_key: Buffer }>(
          `INSERT INTO users AS u (organization_id, external_id, name, email, team) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (organization_id, external_id) DO UPDATE SET
             name = CASE WHEN $6 THEN EXCLUDED.name ELSE u.name END,
             email = CASE WHEN $7 THEN EXCLUDED.email ELSE u.email END,
             team = CASE WHEN $8 THEN EXCLUDED.team ELSE u.team END
           -- xmax is set on an existing row, which the statement has locked.
           RETURNING ${COLUMNS}, xmax = 0 AS is_new,
             (SELECT pseudonym_key FROM organizations WHERE id = $1)`,
          [
            organizationId,
            draft.external_id,
            ...[draft.name, draft.email, draft.team].map((value) => value ?? null),
            ...[draft.name, draft.email, draft.team].map((value) => value !== undefined),
          ],
        );
        const { is_new: isNew, pseudonym_key, ...user } = rows[0]!;
        // Field names only, never values: audit log entries cannot be erased.
        const fields = (['name', 'email', 'team'] as const).filter((field) => draft[field] !== undefined);
        const details = { user: userMark(pseudonym_key, draft.external_id), fields };
        const action = isNew ? 'user.create' : 'user.change';
        await recordAct(client, actor, organizationId, action, details);
        return { user, isNew };
      });
    } catch (error) {
      // ON CONFLICT handles the primary key, so this is the unique key on the address.
      if (failureKind(error) === 'conflict') throw new EmailTaken();
      throw error;
    }
  }

  /** @returns null when the user does not exist */
  async find(organizationId: string, externalId: string): Promise<UserRow | null> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      client.query<UserRow>(`SELECT ${COLUMNS} FROM users WHERE organization_id = $1 AND external_id = $2`, [
        organizationId,
        externalId,
      ]),
    );
    return rows[0] ?? null;
  }

  /** Users ordered by id, those after `after` when it is given. */
  async list(organizationId: string, limit: number, after: string | null): Promise<UserRow[]> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      client.query<UserRow>(
        `SELECT ${COLUMNS} FROM users
         WHERE organization_id = $1 AND ($2::text IS NULL OR external_id > $2)
         ORDER BY external_id
         LIMIT $3`,
        [organizationId, after, limit],
      ),
    );
    return rows;
  }
}
