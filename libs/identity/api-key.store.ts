import type { ClientBase } from 'pg';
import type { Scope } from './permissions.js';

/** Properties of a key to be created. */
export interface ApiKeyDraft {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Absent: never expires. */
  readonly expiresAt?: Date;
}

/** A key without its secret or hash. */
export interface ApiKeyRow {
  readonly public_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

/** Last key of a page: its creation in milliseconds since the epoch, and its public id. */
export type ApiKeyPosition = readonly [number, string];

const COLUMNS = 'public_id, name, scopes, created_at, expires_at, revoked_at, last_used_at';

/** SQL for one organization's keys. The client must be in a transaction of that organization. */
export class ApiKeyStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** @returns null when the organization does not exist */
  async insert(
    publicId: string,
    secretHash: Buffer,
    { name, scopes, expiresAt }: ApiKeyDraft,
  ): Promise<ApiKeyRow | null> {
    const { rows } = await this.client.query<ApiKeyRow>(
      `INSERT INTO api_keys (organization_id, public_id, secret_hash, name, scopes, expires_at)
       SELECT id, $2, $3, $4, $5, $6 FROM organizations WHERE id = $1
       RETURNING ${COLUMNS}`,
      [this.organizationId, publicId, secretHash, name, scopes, expiresAt ?? null],
    );
    return rows[0] ?? null;
  }

  /** Newest first, starting after `after`. */
  async list(limit: number, after: ApiKeyPosition | null): Promise<ApiKeyRow[]> {
    const { rows } = await this.client.query<ApiKeyRow>(
      `SELECT ${COLUMNS} FROM api_keys
       WHERE organization_id = $1
         AND ($2::float8 IS NULL OR (created_at, public_id) < (to_timestamp($2::float8 / 1000), $3::text))
       ORDER BY created_at DESC, public_id DESC
       LIMIT $4`,
      [this.organizationId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows;
  }

  /** @returns whether the key exists, and whether this call revoked it */
  async revoke(publicId: string): Promise<{ isKnown: boolean; isChanged: boolean }> {
    const key = [this.organizationId, publicId];
    const revoked = await this.client.query(
      `UPDATE api_keys SET revoked_at = now()
       WHERE organization_id = $1 AND public_id = $2 AND revoked_at IS NULL`,
      key,
    );
    if (revoked.rowCount === 1) return { isKnown: true, isChanged: true };
    const known = await this.client.query(
      'SELECT 1 FROM api_keys WHERE organization_id = $1 AND public_id = $2',
      key,
    );
    return { isKnown: known.rowCount === 1, isChanged: false };
  }

  /** @param uses public id → last use in milliseconds since the epoch */
  async markUsed(uses: ReadonlyMap<string, number>): Promise<void> {
    await this.client.query(
      `UPDATE api_keys AS k SET last_used_at = greatest(k.last_used_at, to_timestamp(u.at / 1000))
       FROM unnest($2::text[], $3::float8[]) AS u(public_id, at)
       WHERE k.organization_id = $1 AND k.public_id = u.public_id`,
      [this.organizationId, [...uses.keys()], [...uses.values()]],
    );
  }
}
