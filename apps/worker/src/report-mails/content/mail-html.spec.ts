import fc from 'fast-check';
import type { StoredReport } from '#reports';
import { emptyReport, sampleReport } from '../../../../../test/support/sample-report.js';
import { mailContent } from './mail-content.js';
import { mailHtml } from './mail-html.js';
import { mailText } from './mail-text.js';

const URL = 'https://millrace.example.com/v1/unsubscribe/token';
const report = (more: Partial<StoredReport> = {}): StoredReport => ({ id: 'a', ...sampleReport(), ...more });
const chart = (text: string) => ({ id: 'days', title: text, alternative: text, png: Uint8Array.of() });

/** A mail whose every text from outside is the given one. */
function mailWith(text: string): string {
  const [user] = report().users;
  const [command] = report().top_commands;
  const content = mailContent(
    report({
      users: [
        { ...user!, name: text },
        { ...user!, name: null, user_id: text },
      ],
      top_commands: [{ ...command!, name: text }],
      event_types: [{ type: text, count: 1, previous: 2 }],
      quality: { ...report().quality, types_with_other_series: [text] },
      unusual: [{ ...report().unusual[0]!, text }],
    }),
    text,
  );
  return mailHtml(content, [chart(text)], URL);
}

/** Tags and attributes. */
const structure = (html: string) => html.replace(/[^<>"=]/g, '');

describe('the mail of a report', () => {
  it('has the same tags and attributes whatever is in names', () => {
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
    const plain = structure(mailWith('plain'));
    fc.assert(
      fc.property(texts, (text) => {
        expect(structure(mailWith(text))).toBe(plain);
      }),
      { numRuns: 200 },
    );
  });

  it('has one line of at most 80 characters for each name, in the text too', () => {
    const name = `Ada\n\nUnsubscribe: https://evil.example.com\r\n${'😀'.repeat(100)}`;
    const [user] = report().users;
    const content = mailContent(report({ users: [{ ...user!, name }] }), name);
    expect([...content.tables.at(-1)!.rows[0]![0]!]).toHaveLength(80);
    const lines = mailText(content, URL).split('\n');
    expect(lines.filter((line) => line.startsWith('Unsubscribe:'))).toEqual([`Unsubscribe: ${URL}`]);
    expect(content.subject).not.toMatch(/[\r\n]/);
  });

  it('has a text for each chart, and all figures that are not nothing', () => {
    const html = mailHtml(mailContent(report(), 'Acme'), [chart('From 1 up to 2')], URL);
    expect(html).toContain('<img src="cid:days" width="552" alt="From 1 up to 2"');
    for (const label of [
      'Talked time',
      '5 h 12 min',
      '+13%',
      '−36%',
      'the first 10 of 45',
      '2 dead letters',
    ]) {
      expect(html).toContain(label);
    }
    expect(html).not.toMatch(/<script|https?:(?!\/\/millrace\.example\.com\/v1\/unsubscribe)/);
  });

  it('reads well for a month in which nothing happened', () => {
    const period = {
      start: '2026-09-30T22:00:00.000Z',
      end: '2026-10-31T23:00:00.000Z',
      time_zone: 'Europe/Berlin',
    };
    const content = mailContent({ ...emptyReport(), id: 'a', kind: 'monthly', period }, 'Acme');
    expect(content).toMatchObject({
      subject: 'Monthly report of Acme: October 2026',
      preview: 'Nothing happened in this month.',
      tables: [],
    });
    expect(content.figures.map(({ label, value }) => [label, value])).toEqual([
      ['Events', '0'],
      ['Active users', '0'],
      ['Sessions', '0'],
    ]);
    expect(mailText(content, URL)).toContain(`Unsubscribe: ${URL}`);
  });

  it('names weeks over the ends of months and years, and of other zones', () => {
    const period = (start: string, end: string, time_zone: string) =>
      mailContent(report({ period: { start, end, time_zone } }), 'Acme').period;
    expect(period('2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z', 'UTC')).toBe(
      '28 December 2026 – 3 January 2027',
    );
    expect(period('2026-10-26T04:00:00Z', '2026-11-02T05:00:00Z', 'America/New_York')).toBe(
      '26 October – 1 November 2026',
    );
  });
});
