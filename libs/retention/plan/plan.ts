import type { RetentionSettings } from '#config';
import { eventRetentionDays, type Organization } from '#identity';
import { type Cutoffs, cutoffsOf } from './cutoffs.js';

/** Since when everything of everybody is kept. */
export interface RetentionPlan {
  /** Of what no organization owns; events: since when any organization keeps some. */
  readonly shared: Cutoffs;
  readonly organizations: ReadonlyMap<string, Cutoffs>;
}

/** Days for which some organization keeps events; without organizations, those of the installation. */
export function longestEventDays(
  organizations: readonly Pick<Organization, 'settings'>[],
  { EVENT_RETENTION_DAYS }: Pick<RetentionSettings, 'EVENT_RETENTION_DAYS'>,
): number {
  const days = organizations.map(({ settings }) => eventRetentionDays(settings, EVENT_RETENTION_DAYS));
  return days.length > 0 ? days.reduce((a, b) => Math.max(a, b)) : EVENT_RETENTION_DAYS;
}

/**
 * Decides what is kept. Pure.
 * @param now milliseconds since the epoch
 */
export function planRetention(
  organizations: readonly Pick<Organization, 'id' | 'settings'>[],
  settings: RetentionSettings,
  now: number,
): RetentionPlan {
  const longest = longestEventDays(organizations, settings);
  const cutoffs = (days: number) => cutoffsOf({ ...settings, EVENT_RETENTION_DAYS: days }, longest, now);
  return {
    shared: cutoffs(longest),
    organizations: new Map(
      organizations.map((organization) => [
        organization.id,
        cutoffs(eventRetentionDays(organization.settings, settings.EVENT_RETENTION_DAYS)),
      ]),
    ),
  };
}
