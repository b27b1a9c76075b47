import fc from 'fast-check';
import { readMarkup } from '../../../../test/support/markup.js';
import { EMPTY_REPORT, fullReport, QUIET_REPORT } from '../../../../test/support/sample-reports.js';
import type { StoredReport } from '../../stored/revision.js';
import { reportHtml } from './report-html.js';

const SAMPLES: Readonly<Record<string, StoredReport>> = {
  'a full week': fullReport('weekly', 140),
  'a full month': fullReport('monthly', 3),
  'an empty week': EMPTY_REPORT,
  'a week of one user': QUIET_REPORT,
  'an empty week after a full one': { ...EMPTY_REPORT, previous: fullReport('weekly', 1).totals },
};

/** Text with what HTML, CSS, URLs and text directions are made of. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('<', '>', '"', "'", '&', '=', '!', '/', '`', '$', '{', '}', '\\', '\0', '\n', '\u202e'),
    fc.constantFrom('<script>', '</script>', '<!--', ']]>', '&lt;', 'javascript:', ' onload="x"', '</style>'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 20,
});

/** A report in which every name is one that clients choose. */
function named(name: string): StoredReport {
  const report = fullReport('weekly', 2);
  return {
    ...report,
    users: report.users.map((user) => ({ ...user, user_id: name, name })),
    top_commands: report.top_commands.map((command) => ({ ...command, name })),
    top_agents: report.top_agents.map((agent) => ({ ...agent, name })),
    event_types: report.event_types.map((one) => ({ ...one, type: name })),
    devices: report.devices.map((one) => ({ ...one, value: name })),
    sentiments: report.sentiments.map((one) => ({ ...one, value: name })),
    unusual: report.unusual.map((one) => ({ ...one, text: name })),
    quality: {
      ...report.quality,
      types_with_other_series: [name],
      dead_letters: [{ code: name, count: 1 }],
    },
  };
}

/** Elements and attributes without their values. Charts say of texts with certain spaces that they are to be kept. */
const structureOf = (page: string) =>
  readMarkup(page).elements.map(({ name, attributes }) =>
    [name, ...Object.keys(attributes).filter((one) => one !== 'xml:space')].join(' '),
  );

describe('a report as a page', () => {
  it.each(Object.entries(SAMPLES))('of %s is well formed and needs nothing else', async (_, report) => {
    const page = await reportHtml(report);
    const { elements, text } = readMarkup(page);
    expect(page.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    const names = new Set(elements.map(({ name }) => name));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'image', 'use'])
      expect([name, names.has(name)]).toEqual([name, false]);
    const values = elements.flatMap(({ attributes }) => Object.entries(attributes));
    expect(values.filter(([name]) => /^on|^(src|href|srcset|xlink:href)$/.test(name))).toEqual([]);
    expect(values.filter(([name, value]) => !name.startsWith('xmlns') && /:\/\/|url\(/.test(value))).toEqual(
      [],
    );
    expect(text).not.toMatch(/NaN|undefined|null|Infinity|\[object|@import|url\(|:\/\//);
    expect(text).not.toMatch(/\b1 (events|users|sessions|more rows|times|people)\b/);
  });

  it('has tables with captions, and headings of their columns and rows', async () => {
    const { elements } = readMarkup(await reportHtml(fullReport('weekly', 140)));
    const count = (name: string) => elements.filter((one) => one.name === name).length;
    expect(count('table')).toBe(12);
    expect(count('caption')).toBe(count('table'));
    const scopes = elements.filter(({ name }) => name === 'th').map(({ attributes }) => attributes.scope);
    expect(scopes.every((scope) => scope === 'col' || scope === 'row')).toBe(true);
    expect(scopes.filter((scope) => scope === 'row').length).toBe(count('tr') - count('thead'));
    const charts = elements.filter(({ name }) => name === 'svg');
    expect(charts.map(({ attributes }) => [attributes.role, attributes['aria-label'] !== ''])).toEqual(
      Array(4).fill(['img', true]),
    );
  });

  it('has the same structure whatever the names are', async () => {
    const wanted = structureOf(await reportHtml(named('x')));
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        // A label without any letter is no element of a chart.
        const page = await reportHtml(named(`x${name}`));
        expect(structureOf(page)).toEqual(wanted);
        expect(readMarkup(page).text).toContain(`x${name}`);
      }),
    );
  });

  it('shows 100 users, and says how many more there are and where', async () => {
    const page = await reportHtml({ ...fullReport('weekly', 1234), users_with_sessions: 20_000 });
    expect(page).toContain('user-1099');
    expect(page).not.toContain('user-1100');
    expect(page).toContain('The files in CSV and XLSX have 1,134 more rows.');
    expect(page).toContain('18,766 further users had fewer sessions');
  });

  it('of a week without events is a sentence, not empty tables', async () => {
    const { text, elements } = readMarkup(await reportHtml(EMPTY_REPORT));
    expect(text).toContain('There were no events, neither in this week nor in the one before.');
    expect(elements.some(({ name }) => name === 'table' || name === 'svg')).toBe(false);
  });

  it('shows days and times in the time zone of the organization', async () => {
    const [user] = fullReport('weekly', 1).users;
    const late = { ...user!, last_session_at: '2026-11-22T22:59:00.000Z' };
    expect(await reportHtml({ ...fullReport('weekly', 1), users: [late] })).toContain('Nov 22, 2026, 23:59');
  });

  it('is the same for the same report', async () => {
    const report = fullReport('weekly', 5);
    expect(await reportHtml(report)).toBe(await reportHtml(report));
  });
});
