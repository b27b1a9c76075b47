import type { Pool } from 'pg';
import { inTenant } from '#database';
import { type ApiKey, secretMatches } from './api-key.js';
import { permissionsOfScopes, type Scope } from './permissions.js';
import type { OrganizationSettings, Principal } from './principal.js';

interface PresentedKey extends ProfileRow {
  organization_id: string;
  secret_hash: Buffer;
  scopes: Scope[];
}

interface ProfileRow {
  settings: OrganizationSettings;
  pseudonym_key: Buffer;
  event_types_revision: number;
}

/** The fields of an organization that its requests need. */
export interface OrganizationProfile {
  readonly settings: OrganizationSettings;
  readonly pseudonymKey: Buffer;
  readonly eventTypesRevision: number;
}

/** The caller that a valid key belongs to. */
export type KeyHolder = Omit<Principal, keyof OrganizationProfile> & {
  readonly profile: OrganizationProfile;
};

/** SQL that identifies callers. */
export class IdentityStore {
  /** @param pool acts as the API's role */
  constructor(private readonly pool: Pool) {}

  /** @returns null when the key is unknown, wrong, revoked or expired */
  async authenticate({ publicId, secret }: ApiKey): Promise<KeyHolder | null> {
    const { rows } = await this.pool.query<PresentedKey>(
      `SELECT organization_id, secret_hash, scopes, settings, pseudonym_key, event_types_revision
       FROM present_key($1)`,
      [publicId],
    );
    const [key] = rows;
    if (!key || !secretMatches(secret, key.secret_hash)) return null;
    return {
      organizationId: key.organization_id,
      subject: `key:${publicId}`,
      permissions: permissionsOfScopes(key.scopes),
      profile: profileOf(key),
    };
  }

  /**
   * The organization that a verified token names.
   * @param publicId of the API key the token was exchanged for, if any
   * @returns null when the organization does not exist or the key is no longer valid
   */
  async profileOf(organizationId: string, publicId?: string): Promise<OrganizationProfile | null> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows } = await client.query<ProfileRow>(
        `SELECT settings, pseudonym_key, event_types_revision FROM organizations
         WHERE id = $1 AND ($2::text IS NULL OR EXISTS (
           SELECT FROM api_keys
           WHERE organization_id = $1 AND public_id = $2 AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > now())))`,
        [organizationId, publicId ?? null],
      );
      return rows[0] ? profileOf(rows[0]) : null;
    });
  }
}

const profileOf = ({ settings, pseudonym_key, event_types_revision }: ProfileRow): OrganizationProfile => ({
  settings,
  pseudonymKey: pseudonym_key,
  eventTypesRevision: event_types_revision,
});
