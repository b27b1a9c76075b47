import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { inTenant } from '#database';
import { formatApiKey, generateApiKey, hashSecret } from './api-key.js';
import { type ApiKeyDraft, type ApiKeyRow, ApiKeyStore } from './api-key.store.js';
import { recordAudit } from './audit-log.store.js';
import { type Organization, OrganizationStore } from './organization.store.js';
import { patchSettings, type SettingsPatch } from './settings-patch.js';

/** Who does it, and from where. */
export interface Actor {
  readonly subject: string;
  readonly origin: string | null;
}

export interface OrganizationChange {
  readonly name?: string;
  readonly settings?: SettingsPatch;
}

/** A key with the text of it, which cannot be read again. */
export interface NewApiKey extends ApiKeyRow {
  readonly api_key: string;
}

export interface NewOrganization extends Organization {
  /** Its first key; it may do everything in the organization. */
  readonly api_key: string;
}

/** What is done to organizations and their keys, each act with its entry in the audit log. */
export class AdministrationService {
  /** @param pool acts as the API's role */
  constructor(private readonly pool: Pool) {}

  async createOrganization(
    actor: Actor,
    name: string,
    settings: SettingsPatch = {},
  ): Promise<NewOrganization> {
    const id = randomUUID();
    return inTenant(this.pool, id, async (client) => {
      const organization = await new OrganizationStore(client).insert(id, name, patchSettings({}, settings));
      await record(client, actor, id, 'organization.create', { name, settings: organization.settings });
      const key = await addKey(client, actor, id, { name: 'first', scopes: ['admin'] });
      return { ...organization, api_key: key!.api_key };
    });
  }

  /** @returns null when there is none */
  async findOrganization(id: string): Promise<Organization | null> {
    return inTenant(this.pool, id, (client) => new OrganizationStore(client).find(id));
  }

  /** @returns null when there is none */
  async changeOrganization(
    actor: Actor,
    id: string,
    change: OrganizationChange,
  ): Promise<Organization | null> {
    return inTenant(this.pool, id, async (client) => {
      const store = new OrganizationStore(client);
      const before = await store.lock(id);
      if (!before) return null;
      const settings = patchSettings(before.settings, change.settings ?? {});
      const after = await store.update(id, change.name ?? before.name, settings);
      await record(client, actor, id, 'organization.change', change);
      return after;
    });
  }

  /** @returns null when there is no such organization */
  async createApiKey(actor: Actor, organizationId: string, draft: ApiKeyDraft): Promise<NewApiKey | null> {
    return inTenant(this.pool, organizationId, (client) => addKey(client, actor, organizationId, draft));
  }

  /** @returns false when the organization has no such key; one that was revoked before stays as it is */
  async revokeApiKey(actor: Actor, organizationId: string, publicId: string): Promise<boolean> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { isKnown, isChanged } = await new ApiKeyStore(client, organizationId).revoke(publicId);
      if (isChanged) await record(client, actor, organizationId, 'api_key.revoke', { public_id: publicId });
      return isKnown;
    });
  }
}

async function addKey(
  client: ClientBase,
  actor: Actor,
  organizationId: string,
  draft: ApiKeyDraft,
): Promise<NewApiKey | null> {
  const key = generateApiKey();
  const row = await new ApiKeyStore(client, organizationId).insert(
    key.publicId,
    hashSecret(key.secret),
    draft,
  );
  if (!row) return null;
  const { public_id, name, scopes, expires_at } = row;
  await record(client, actor, organizationId, 'api_key.create', { public_id, name, scopes, expires_at });
  return { ...row, api_key: formatApiKey(key) };
}

const record = (
  client: ClientBase,
  { subject, origin }: Actor,
  organizationId: string,
  action: string,
  details: object,
) => recordAudit(client, { organizationId, actor: subject, action, origin, details });
