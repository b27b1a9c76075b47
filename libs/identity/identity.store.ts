import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
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
  readonly settings: OrganizationSettings;
}

/** What an organization has decided for itself (`organizations.settings`). */
export interface OrganizationSettings {
  /** Event types that product analytics takes; absent: all there are. */
  readonly allowed_event_types?: readonly string[];
}

interface KeyRow {
  organization_id: string;
  secret_hash: Buffer;
  scopes: Scope[];
  settings: OrganizationSettings;
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
      const { rows } = await client.query<Omit<KeyRow, 'settings'>>(
        `SELECT organization_id, secret_hash, scopes FROM api_keys
         WHERE public_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
        [publicId],
      );
      const [key] = rows;
      if (!key || !secretMatches(secret, key.secret_hash)) return null;
      return { ...key, settings: await settingsOf(client, key.organization_id) };
    });
    return (
      row && {
        organizationId: row.organization_id,
        subject: publicId,
        scopes: row.scopes,
        settings: row.settings,
      }
    );
  }
}

/** Once the caller is known, the transaction is confined to the caller's organization. */
async function settingsOf(client: ClientBase, organizationId: string): Promise<OrganizationSettings> {
  await client.query(`SELECT set_config('app.current_org_id', $1, true)`, [organizationId]);
  const { rows } = await client.query<{ settings: OrganizationSettings }>(
    'SELECT settings FROM organizations WHERE id = $1',
    [organizationId],
  );
  return rows[0]?.settings ?? {};
}
