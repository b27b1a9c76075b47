import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTenant } from '#database';
import type { Actor } from './actor.js';
import { createApiKey } from './api-key-administration.js';
import { recordAct } from './audit-log.store.js';
import { type Organization, OrganizationStore } from './organization.store.js';
import { patchSettings, type SettingsPatch } from './settings-patch.js';

/** What to change; absent fields stay as they are. */
export interface OrganizationChange {
  readonly name?: string;
  readonly settings?: SettingsPatch;
}

export interface NewOrganization extends Organization {
  /** Its first key, of scope `admin`. */
  readonly api_key: string;
}

/** Creates and changes organizations, each with an audit log entry. */
export class OrganizationAdministration {
  /** @param pool acts as the API's role */
  constructor(private readonly pool: Pool) {}

  /** Creates an organization with its first key. */
  async create(actor: Actor, name: string, settings: SettingsPatch = {}): Promise<NewOrganization> {
    const id = randomUUID();
    return inTenant(this.pool, id, async (client) => {
      const organization = await new OrganizationStore(client).insert(id, name, patchSettings({}, settings));
      await recordAct(client, actor, id, 'organization.create', { name, settings: organization.settings });
      const key = await createApiKey(client, actor, id, { name: 'first', scopes: ['admin'] });
      return { ...organization, api_key: key!.api_key };
    });
  }

  /** @returns null when it does not exist */
  async find(id: string): Promise<Organization | null> {
    return inTenant(this.pool, id, (client) => new OrganizationStore(client).find(id));
  }

  /** @returns null when it does not exist */
  async change(actor: Actor, id: string, change: OrganizationChange): Promise<Organization | null> {
    return inTenant(this.pool, id, async (client) => {
      const store = new OrganizationStore(client);
      const before = await store.lock(id);
      if (!before) return null;
      const settings = patchSettings(before.settings, change.settings ?? {});
      const after = await store.update(id, change.name ?? before.name, settings);
      await recordAct(client, actor, id, 'organization.change', change);
      return after;
    });
  }
}
