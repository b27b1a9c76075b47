import type { NewOrganization, Organization, OrganizationSettings } from '#identity';
import {
  count,
  described,
  flag,
  instant,
  listOf,
  oneOf,
  record,
  text,
  uuid,
} from '../http/openapi/schema.js';
import type { OrganizationWarning } from './organization-warnings.read-model.js';

type RateLimits = NonNullable<OrganizationSettings['rate_limits']>;
type WithWarnings<T> = T & { readonly warnings: readonly OrganizationWarning[] };

const rateLimitsSchema = record<RateLimits>('RateLimits', { single: count, batch: count, read: count }, [
  'single',
  'batch',
  'read',
]);

const settingsSchema = record<OrganizationSettings>(
  'OrganizationSettings',
  {
    allowed_event_types: listOf(text),
    anonymize_user_ids: flag,
    rate_limits: rateLimitsSchema,
    max_series_per_type: count,
    time_zone: text,
    first_weekday: { type: 'integer', minimum: 1, maximum: 7 },
    event_retention_days: described(count, 'Days for which events are kept.'),
  },
  [
    ...(['allowed_event_types', 'anonymize_user_ids', 'rate_limits', 'max_series_per_type'] as const),
    ...(['time_zone', 'first_weekday', 'event_retention_days'] as const),
  ],
);

const warningSchema = record<OrganizationWarning>('OrganizationWarning', {
  code: oneOf(['too_many_series']),
  message: text,
  type: text,
  day: { type: 'string', format: 'date' },
  limit: described(count, 'Series that are counted separately on that day.'),
  since: described(instant, 'When the first event was counted under `__other__`.'),
});

const fields = {
  id: uuid,
  name: text,
  settings: settingsSchema,
  created_at: instant,
  warnings: listOf(warningSchema),
};

/** An organization in API responses. */
export const organizationSchema = record<WithWarnings<Organization>>('Organization', fields);

/** A new organization, with its first key. */
export const newOrganizationSchema = record<WithWarnings<NewOrganization>>('NewOrganization', {
  ...fields,
  api_key: text,
});
