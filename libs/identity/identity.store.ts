import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTenant, inTransaction } from '#database';
import {
  type ApiKey,
  formatApiKey,
  generateApiKey,
  hashSecret,
  type Scope,
  secretMatches,
} from './api-key.js';

/** Who is calling, and what for. */
export interface Principal {
  readonly organizationId: string;
  /** Public id of the API key. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
}

interface KeyRow {
  organization_id: string;
  secret_hash: Buffer;
  scopes: Scope[];
}

/** SQL of organizations and their keys; the pool acts as the API's role. */
export class IdentityStore {
  constructor(private readonly pool: Pool) {}

  /** @returns the new organization's id */
  async createOrganization(name: string): Promise<string> {
    const id = randomUUID();
    await inTenant(this.pool, id, (client) =>
      client.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [id, name]),
    );
    return id;
  }

  /** @returns the key as its holder must keep it; it cannot be read again */
  async createApiKey(organizationId: string, name: string, scopes: readonly Scope[]): Promise<string> {
    const key = generateApiKey();
    await inTenant(this.pool, organizationId, (client) =>
      client.query(
        `INSERT INTO api_keys (organization_id, public_id, secret_hash, name, scopes)
         VALUES ($1, $2, $3, $4, $5)`,
        [organizationId, key.publicId, hashSecret(key.secret), name, scopes],
      ),
    );
    return formatApiKey(key);
  }

  /** @returns null when the key is unknown, wrong, revoked or expired */
  async authenticate({ publicId, secret }: ApiKey): Promise<Principal | null> {
    const row = await inTransaction(this.pool, async (client) => {
      await client.query(`SELECT set_config('app.presented_key', $1, true)`, [publicId]);
      const { rows } = await client.query<KeyRow>(
        `SELECT organization_id, secret_hash, scopes FROM api_keys
         WHERE public_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
        [publicId],
      );
      return rows[0];
    });
    if (!row || !secretMatches(secret, row.secret_hash)) return null;
    return { organizationId: row.organization_id, subject: publicId, scopes: row.scopes };
  }
}
