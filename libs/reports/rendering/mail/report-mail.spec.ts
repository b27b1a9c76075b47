import fc from 'fast-check';
import { readMarkup } from '../../../../test/support/markup.js';
import { EMPTY_REPORT, fullReport, QUIET_REPORT } from '../../../../test/support/sample-reports.js';
import type { StoredReport } from '../../stored/revision.js';
import { mailCharts } from './mail-charts.js';
import { mailContent } from './mail-content.js';
import { mailHtml } from './mail-html.js';
import { mailText } from './mail-text.js';

const URL = 'https://millrace.example.com/v1/unsubscribe/token';
const WEEK = fullReport('weekly', 45);
const chart = (text: string) => ({
  id: 'days',
  title: text,
  legend: 'x',
  alternative: text,
  png: Uint8Array.of(),
});

/** A report in which people chose this name for all that has one. */
function named(name: string): StoredReport {
  return {
    ...WEEK,
    users: WEEK.users
      .slice(0, 2)
      .map((user, i) => (i === 0 ? { ...user, name } : { ...user, name: null, user_id: name })),
    top_commands: WEEK.top_commands.map((command) => ({ ...command, name })),
    event_types: WEEK.event_types.map((one) => ({ ...one, type: name })),
  };
}

const mailWith = (text: string) => mailHtml(mailContent(named(text), text), [chart(text)], URL);

/** Elements and attributes without their values. */
const structureOf = (mail: string) =>
  readMarkup(mail).elements.map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(' '));

describe('the mail of a report', () => {
  it('has the same elements and attributes whatever is in names', () => {
    const hostile = fc.constantFrom(
      '<script>',
      '</td>',
      '"',
      "'",
      '=',
      '&lt;',
      '!',
      '${',
      'onerror=',
      '<!--',
      'ä',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(hostile).map((parts) => parts.join('')),
    );
    const plain = structureOf(mailWith('plain'));
    fc.assert(
      fc.property(texts, (text) => {
        expect(structureOf(mailWith(text))).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps every name on one line, in the text too', () => {
    const name = `Ada\n\nUnsubscribe: https://evil.example.com\r\n${'😀'.repeat(100)}`;
    const lines = mailText(named(name), name, URL).split('\n');
    expect(lines.filter((line) => line.startsWith('Unsubscribe:'))).toEqual([`Unsubscribe: ${URL}`]);
    const { subject, tables } = mailContent(named(name), name);
    expect(subject).not.toMatch(/[\r\n]/);
    for (const [first] of tables.flatMap(({ rows }) => rows)) expect(first).not.toMatch(/[\r\n]/);
  });

  it('shows the figures of the report, ten rows of each list, and a text for each chart', async () => {
    const charts = await mailCharts(WEEK);
    const content = mailContent(WEEK, 'Acme');
    const mail = mailHtml(content, charts, URL);
    expect(content.subject).toBe('Weekly report of Acme: November 16 – 22, 2026');
    const figures = content.tables[0]!;
    expect(figures.rows.map(([name]) => name)).toHaveLength(17);
    expect(figures.rows[0]).toEqual([
      'Events',
      WEEK.totals.events.toLocaleString('en'),
      '118,004',
      expect.any(String),
    ]);
    const users = content.tables[1]!;
    expect([users.title, users.rows.length]).toEqual(['Users with sessions: the first 10', 10]);
    // A user without a name is shown by id.
    expect(users.rows.slice(4, 6).map(([name]) => name)).toEqual(['نور الهدى', 'user-1005']);
    for (const { id, alternative } of charts)
      expect(mail).toContain(`<img src="cid:${id}" width="552" alt="${alternative}"`);
    expect(Buffer.byteLength(mail)).toBeLessThan(100_000);
    expect(mail).not.toMatch(/<script|<link |https?:(?!\/\/millrace\.example\.com\/v1\/unsubscribe)/);
  });

  it('reads well when little or nothing happened', async () => {
    const empty = mailContent(EMPTY_REPORT, 'Acme');
    expect(empty.summary).toEqual(['There were no events, neither in this week nor in the one before.']);
    expect([empty.tables, await mailCharts(EMPTY_REPORT)]).toEqual([[], []]);
    const quiet = mailContent(QUIET_REPORT, 'Acme');
    expect(quiet.tables.map(({ title }) => title)).toEqual([
      'All figures',
      'Users with sessions',
      'Event types',
      'Data quality',
    ]);
    expect(JSON.stringify(quiet)).not.toMatch(/NaN|undefined|null/);
  });
});
