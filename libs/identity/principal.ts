import type { Permissions } from './permissions.js';

/** Who is calling, and what for. */
export interface Principal {
  readonly organizationId: string;
  /** `key:<public id>`, `user:<sub of the token>`, `operator` or `monitor`: what the audit log names. */
  readonly subject: string;
  readonly permissions: Permissions;
  readonly settings: OrganizationSettings;
  /** Present where user ids are not to be kept: makes pseudonyms of them. */
  readonly pseudonymKey?: Buffer;
  /** Grows with every change of the organization's own event types; 0: it has none. */
  readonly eventTypesRevision: number;
}

/** What an organization has decided for itself (`organizations.settings`). */
export interface OrganizationSettings {
  /** Event types that product analytics takes; absent: all there are. */
  readonly allowed_event_types?: readonly string[];
  /** Keep pseudonyms in place of user ids; absent: as `ANONYMIZE_USER_IDS` says. */
  readonly anonymize_user_ids?: boolean;
  readonly rate_limits?: RateLimitSettings;
  /** Series of an event type that are counted apart in a day; absent: as many as the worker allows everyone. */
  readonly max_series_per_type?: number;
}

/**
 * Requests in a window (`RATE_LIMIT_WINDOW_MS`); 0 for no limit. Absent: what `RATE_LIMIT_MAX_REQUESTS` says,
 * and for batches ten times what holds for single events.
 */
export interface RateLimitSettings {
  readonly single?: number;
  readonly batch?: number;
  readonly read?: number;
}

/** The operator belongs to no organization; row-level security shows this one nothing. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';
