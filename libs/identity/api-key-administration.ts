import type { ClientBase, Pool } from 'pg';
import { inTenant } from '#database';
import type { Actor } from './actor.js';
import { formatApiKey, generateApiKey, hashSecret } from './api-key.js';
import { type ApiKeyDraft, type ApiKeyRow, ApiKeyStore } from './api-key.store.js';
import { recordAct } from './audit-log.store.js';

/** A key with its secret text, which cannot be read again. */
export interface NewApiKey extends ApiKeyRow {
  readonly api_key: string;
}

/** Creates and revokes API keys, each with an audit log entry. */
export class ApiKeyAdministration {
  /** @param pool acts as the API's role */
  constructor(private readonly pool: Pool) {}

  /** @returns null when the organization does not exist */
  async create(actor: Actor, organizationId: string, draft: ApiKeyDraft): Promise<NewApiKey | null> {
    return inTenant(this.pool, organizationId, (client) =>
      createApiKey(client, actor, organizationId, draft),
    );
  }

  /** @returns false when the organization has no such key; revoking one twice changes nothing */
  async revoke(actor: Actor, organizationId: string, publicId: string): Promise<boolean> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { isKnown, isChanged } = await new ApiKeyStore(client, organizationId).revoke(publicId);
      if (isChanged)
        await recordAct(client, actor, organizationId, 'api_key.revoke', { public_id: publicId });
      return isKnown;
    });
  }
}

/**
 * Creates a key within a transaction of the organization.
 * @returns null when the organization does not exist
 */
export async function createApiKey(
  client: ClientBase,
  actor: Actor,
  organizationId: string,
  draft: ApiKeyDraft,
): Promise<NewApiKey | null> {
  const key = generateApiKey();
  const store = new ApiKeyStore(client, organizationId);
  const row = await store.insert(key.publicId, hashSecret(key.secret), draft);
  if (!row) return null;
  const { public_id, name, scopes, expires_at } = row;
  await recordAct(client, actor, organizationId, 'api_key.create', { public_id, name, scopes, expires_at });
  return { ...row, api_key: formatApiKey(key) };
}
