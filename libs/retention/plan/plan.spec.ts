import fc from 'fast-check';
import { RetentionSettings } from '#config';
import { planRetention } from './plan.js';

const DAY_MS = 86_400_000;
const days = fc.integer({ min: 1, max: 3650 });
const settings = fc.record({
  ...{ EVENT_RETENTION_DAYS: days, METRICS_RETENTION_DAYS: days, MINUTE_ROLLUP_RETENTION_DAYS: days },
  ...{ LEDGER_RETENTION_DAYS: days, AUDIT_LOG_RETENTION_DAYS: days, DEAD_LETTER_RETENTION_DAYS: days },
  ...{ JOB_RUN_RETENTION_DAYS: days, HEALTH_CHECK_RETENTION_DAYS: days },
});
const organizations = fc.array(fc.option(days, { nil: undefined }), { maxLength: 5 }).map((list) =>
  list.map((event_retention_days, i) => ({
    id: `organization ${i}`,
    settings: event_retention_days === undefined ? {} : { event_retention_days },
  })),
);
const now = fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 });

describe('the plan of retention', () => {
  it('keeps the event that intake would still take, and for each event what it is checked against', () => {
    fc.assert(
      fc.property(organizations, settings, now, (list, given, instant) => {
        const { shared, organizations: planned } = planRetention(list, given, instant);
        for (const { id, settings: own } of list) {
          const kept = Math.min(
            own.event_retention_days ?? given.EVENT_RETENTION_DAYS,
            given.EVENT_RETENTION_DAYS,
          );
          const cutoffs = planned.get(id)!;
          const events = cutoffs.EVENT_RETENTION_DAYS;
          expect(events % DAY_MS).toBe(0);
          expect(events).toBeLessThanOrEqual(instant - kept * DAY_MS);
          expect(events).toBeGreaterThan(instant - (kept + 1) * DAY_MS);
          expect(shared.EVENT_RETENTION_DAYS).toBeLessThanOrEqual(events);
          expect(cutoffs.METRICS_RETENTION_DAYS).toBeLessThanOrEqual(cutoffs.MINUTE_ROLLUP_RETENTION_DAYS);
          expect(cutoffs.MINUTE_ROLLUP_RETENTION_DAYS).toBeLessThanOrEqual(shared.EVENT_RETENTION_DAYS);
          expect(cutoffs.LEDGER_RETENTION_DAYS).toBeLessThanOrEqual(events - 2 * DAY_MS);
          expect(cutoffs.DEAD_LETTER_RETENTION_DAYS).toBeGreaterThanOrEqual(cutoffs.LEDGER_RETENTION_DAYS);
        }
      }),
    );
  });

  it('keeps for as long as the settings say', () => {
    const instant = Date.parse('2026-11-27T12:00:00Z');
    const { shared } = planRetention([], new RetentionSettings(), instant);
    const keptDays = Object.entries(shared).map(([name, from]) => [
      name,
      (Date.parse('2026-11-27T00:00:00Z') - from) / DAY_MS,
    ]);
    expect(Object.fromEntries(keptDays)).toEqual({ ...new RetentionSettings() });
  });
});
