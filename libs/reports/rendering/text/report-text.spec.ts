import fc from 'fast-check';
import { EMPTY_REPORT, fullReport, QUIET_REPORT } from '../../../../test/support/sample-reports.js';
import { reportText } from './report-text.js';

describe('a report as text', () => {
  it('has what matters most of a full week', () => {
    const text = reportText(fullReport('weekly', 7));
    expect(text).toContain(
      'Weekly report, November 16 – 22, 2026\n\nDays and times in the time zone Europe/Berlin.\n',
    );
    expect(text).toContain('\n\nUnusual\n- Thursday, November 19 had 61,204 events; usual are 20,412.5.\n');
    expect(text).toMatch(
      /\nUsers with sessions\n- user-1000: name Ada Lovelace, sessions 40, talked time .*, last session Nov 20, 2026, 16:10\n/,
    );
    expect(text).toContain('\n- and 2 more\n');
    expect(text).toMatch(
      /\nCommands\n- plan: runs 20,000, failed 2,286, error rate 11.4%, median time 100 ms, 95th percentile 900 ms\n/,
    );
  });

  it('is a sentence or two for weeks with little', () => {
    const of = (report: typeof EMPTY_REPORT) => reportText(report).split('\n\n').slice(2).join(' ');
    expect(of(EMPTY_REPORT)).toBe('There were no events, neither in this week nor in the one before.\n');
    expect(of(QUIET_REPORT)).toMatch(/^There was 1 event of one user, who is new\..*\n- ada: sessions 1, /s);
  });

  it('has the same lines whatever the names are', () => {
    const report = fullReport('weekly', 3);
    const named = (name: string) => ({
      ...report,
      users: report.users.map((user) => ({ ...user, user_id: name, name })),
      top_commands: report.top_commands.map((command) => ({ ...command, name })),
    });
    const lines = reportText(named('x')).split('\n').length;
    const unit = fc.constantFrom('\n', '\r', '\u2028', '\u0085', '\v', 'a', '-', '\u202e');
    fc.assert(
      fc.property(fc.string({ unit }), (name) => {
        const text = reportText(named(name));
        expect(text.split(/\r\n|[\n\r\v\u0085\u2028\u2029]/)).toHaveLength(lines);
        expect(text).not.toMatch(/\p{Bidi_Control}/u);
      }),
    );
  });
});
