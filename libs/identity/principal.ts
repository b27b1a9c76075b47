import type { Permissions } from './permissions.js';

/** Who is calling, and what for. */
export interface Principal {
  readonly organizationId: string;
  /** `key:<public id>`, `user:<sub of the token>` or `operator`: what the audit log names. */
  readonly subject: string;
  readonly permissions: Permissions;
  readonly settings: OrganizationSettings;
}

/** What an organization has decided for itself (`organizations.settings`). */
export interface OrganizationSettings {
  /** Event types that product analytics takes; absent: all there are. */
  readonly allowed_event_types?: readonly string[];
}

/** The operator belongs to no organization; row-level security shows this one nothing. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';
