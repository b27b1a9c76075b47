import type { Permissions } from './permissions.js';

/** The authenticated caller. */
export interface Principal {
  readonly organizationId: string;
  /** As in the audit log: `key:<public id>`, `user:<sub of the token>`, `operator` or `monitor`. */
  readonly subject: string;
  readonly permissions: Permissions;
  readonly settings: OrganizationSettings;
  /** Key for pseudonyms of user ids; present when the organization anonymizes. */
  readonly pseudonymKey?: Buffer;
  /** Raised by every change of the organization's own event types; 0: it has none. */
  readonly eventTypesRevision: number;
}

/** An organization's settings (`organizations.settings`). */
export interface OrganizationSettings {
  /** Event types that the product analytics dialect accepts; absent: all. */
  readonly allowed_event_types?: readonly string[];
  /** Store pseudonyms instead of user ids; absent: `ANONYMIZE_USER_IDS` decides. */
  readonly anonymize_user_ids?: boolean;
  readonly rate_limits?: RateLimitSettings;
  /** Series of an event type per day that are counted separately; absent: the worker's default. */
  readonly max_series_per_type?: number;
  /** IANA time zone in which its days begin; absent: UTC. */
  readonly time_zone?: string;
  /** First day of its week, 1 (Monday) to 7 (Sunday); absent: 1. */
  readonly first_weekday?: number;
  /** Days for which events are kept; absent, or more than the installation keeps: `EVENT_RETENTION_DAYS`. */
  readonly event_retention_days?: number;
}

/**
 * Days for which an organization's events are kept.
 * @param longest days for which the installation keeps events
 */
export const eventRetentionDays = (settings: OrganizationSettings, longest: number) =>
  Math.min(settings.event_retention_days ?? longest, longest);

/**
 * Requests per window (`RATE_LIMIT_WINDOW_MS`); 0: unlimited. Absent: `RATE_LIMIT_MAX_REQUESTS`, and for batches ten
 * times the limit for single events.
 */
export interface RateLimitSettings {
  readonly single?: number;
  readonly batch?: number;
  readonly read?: number;
}

/** Organization id of the operator, who belongs to none. Alerts about the installation have it, and their channels. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';

/**
 * Id of the organization of the health check's canary, whose last part spells "canary". A migration creates it; it has no
 * keys, and lists leave it out.
 */
export const CANARY_ORGANIZATION = '00000000-0000-4000-8000-63616e617279';
