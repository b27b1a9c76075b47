import type { RetentionSettings } from '#config';

const DAY_MS = 86_400_000;
/** Events are up to a day ahead of their receipt, and days are cut at midnight. */
const RECEIPT_SLACK_DAYS = 3;

export type RetentionSetting = keyof RetentionSettings;

/** By setting: start of the first day that is kept, in milliseconds since the epoch. */
export type Cutoffs = Readonly<Record<RetentionSetting, number>>;

/**
 * Since when everything is kept. Pure.
 *
 * What events are checked against outlives them: an event may still arrive for every day whose events are kept, and its
 * rollups must be whole; the ledger must have the batch of every event. A dead letter does not outlive its batch.
 * @param settings of the installation; of an organization with its own EVENT_RETENTION_DAYS
 * @param longestEventDays days for which any organization's events are kept
 * @param now milliseconds since the epoch
 */
export function cutoffsOf(settings: RetentionSettings, longestEventDays: number, now: number): Cutoffs {
  const metrics = Math.max(settings.METRICS_RETENTION_DAYS, longestEventDays);
  const minutes = Math.max(settings.MINUTE_ROLLUP_RETENTION_DAYS, longestEventDays);
  const ledger = Math.max(settings.LEDGER_RETENTION_DAYS, longestEventDays + RECEIPT_SLACK_DAYS);
  return {
    EVENT_RETENTION_DAYS: firstDay(now, settings.EVENT_RETENTION_DAYS),
    METRICS_RETENTION_DAYS: firstDay(now, metrics),
    MINUTE_ROLLUP_RETENTION_DAYS: firstDay(now, Math.min(minutes, metrics)),
    LEDGER_RETENTION_DAYS: firstDay(now, ledger),
    AUDIT_LOG_RETENTION_DAYS: firstDay(now, settings.AUDIT_LOG_RETENTION_DAYS),
    DEAD_LETTER_RETENTION_DAYS: firstDay(now, Math.min(settings.DEAD_LETTER_RETENTION_DAYS, ledger)),
    JOB_RUN_RETENTION_DAYS: firstDay(now, settings.JOB_RUN_RETENTION_DAYS),
    HEALTH_CHECK_RETENTION_DAYS: firstDay(now, settings.HEALTH_CHECK_RETENTION_DAYS),
  };
}

/** The day that has the instant so many days ago is the first one kept. */
const firstDay = (now: number, days: number) => (Math.floor(now / DAY_MS) - days) * DAY_MS;
