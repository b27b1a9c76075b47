import { EMPTY_REPORT, fullReport, QUIET_REPORT } from '../../../../test/support/sample-reports.js';
import type { StoredReport } from '../../stored/revision.js';
import { periodText } from './dates.js';
import {
  changeText,
  countText,
  decimalText,
  millisecondsText,
  numberOf,
  secondsText,
  shareText,
} from './numbers.js';
import { summaryOf } from './summary.js';

describe('numbers for people', () => {
  it.each([
    [countText(1_234_567), '1,234,567'],
    [decimalText(20_412.55), '20,412.6'],
    [shareText(0.0254), '2.5%'],
    [shareText(0), '0%'],
    [changeText(0.25), '+25%'],
    [changeText(-0.254), '\u221225.4%'],
    [changeText(0), '0%'],
    [changeText(123.4), '+12,340%'],
    [numberOf(1, 'user'), '1 user'],
    [numberOf(0, 'user'), '0 users'],
    [numberOf(1200, 'person', 'people'), '1,200 people'],
    [secondsText(0), '0 s'],
    [secondsText(0.25), '0.3 s'],
    [secondsText(59.4), '59 s'],
    [secondsText(59.6), '1 min'],
    [secondsText(125), '2 min 5 s'],
    [secondsText(3599.7), '1 h'],
    [secondsText(3600 + 119), '1 h 2 min'],
    [secondsText(359_990), '100 h'],
    [secondsText(1_203_400), '334 h'],
    [millisecondsText(0.25), '0.3 ms'],
    [millisecondsText(312.6), '313 ms'],
    [millisecondsText(999.7), '1 s'],
    [millisecondsText(2840), '2.8 s'],
    [millisecondsText(59_970), '1 min'],
    [millisecondsText(125_000), '2 min 5 s'],
  ])('%s', (text, wanted) => expect(text).toBe(wanted));
});

describe('periodText', () => {
  const week = (start: string, end: string, time_zone: string) =>
    periodText({ kind: 'weekly', period: { start, end, time_zone } });

  it('names the days of a week in its time zone', () => {
    expect(week('2026-11-15T23:00:00Z', '2026-11-22T23:00:00Z', 'Europe/Berlin')).toBe(
      'November 16 – 22, 2026',
    );
    expect(week('2026-11-29T00:00:00Z', '2026-12-06T00:00:00Z', 'UTC')).toBe(
      'November 29 – December 5, 2026',
    );
    expect(week('2026-12-28T05:00:00Z', '2027-01-04T05:00:00Z', 'America/New_York')).toBe(
      'December 28, 2026 – January 3, 2027',
    );
  });

  it('names a month', () => {
    expect(periodText(fullReport('monthly', 0))).toBe('October 2026');
  });
});

describe('summaryOf', () => {
  const summary = (
    changes: Partial<StoredReport['totals']>,
    previous: Partial<StoredReport['totals']> = {},
  ) => {
    const before = { ...EMPTY_REPORT.totals, ...previous };
    const totals = { ...EMPTY_REPORT.totals, ...changes };
    const events = before.events === 0 ? null : totals.events / before.events - 1;
    return summaryOf({
      ...EMPTY_REPORT,
      totals,
      previous: before,
      change: { ...EMPTY_REPORT.change, events },
    }).join(' ');
  };

  it('says what matters of a full week', () => {
    expect(summaryOf(fullReport('weekly', 1))).toEqual([
      'There were 152,174 events of 512 users, 31 of them new. That is 29% more events than in the week before.',
      '2,310 sessions began, 30 min 43 s each on average. Together people talked for 334 h.',
      'Of 49,419 commands and agent interactions, 1,204 failed (2.4%).',
    ]);
  });

  it.each([
    [{}, {}, 'There were no events, neither in this week nor in the one before.'],
    [{}, { events: 1200 }, 'There were no events in this week, after 1,200 in the one before.'],
    [
      { events: 1 },
      { events: 2 },
      'There was 1 event without a known user. That is 50% fewer events than in the week before.',
    ],
    [
      { events: 2, active_users: 1 },
      { events: 2 },
      'There were 2 events of one user. That is as many events as in the week before.',
    ],
    [
      { events: 100_001, active_users: 2 },
      { events: 100_000 },
      'There were 100,001 events of 2 users. That is about as many events as in the week before.',
    ],
  ])('of %j after %j', (now, before, text) => expect(summary(now, before)).toBe(text));

  it('says of one user and one session no more than there is', () => {
    expect(summaryOf(QUIET_REPORT)).toEqual([
      'There was 1 event of one user, who is new. There were none in the week before.',
      '1 session began, 0 s long.',
    ]);
  });

  it('counts runs that did not fail', () => {
    const one = { events: 1, commands: 1, error_rate: 0 };
    expect(summary(one)).toContain('1 command or agent interaction ran, and succeeded.');
    expect(summary({ ...one, agents: 4 })).toContain(
      '5 commands and agent interactions ran, and none failed.',
    );
  });
});
