import * as sheets from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { EMPTY_REPORT, fullReport, QUIET_REPORT } from '../../../../test/support/sample-reports.js';
import type { StoredReport } from '../../stored/revision.js';
import { REPORT_TABLES } from '../tables/report-tables.js';
import { csv } from './csv.format.js';
import { json } from './json.format.js';
import { reportFormats } from './list.js';
import { xlsx } from './xlsx.format.js';

const REPORT = fullReport('weekly', 1200);
const SECONDS_PER_DAY = 86_400;
/** A formula, or text that ends a field. */
const hostile = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '<', '&', 'a', '_x000D_'),
});

type Json = Readonly<Record<string, string | number | null>>;

/** What the JSON of a report has in a table. */
const LISTS: Readonly<Record<string, (report: StoredReport) => readonly object[]>> = {
  days: (report) => report.days,
  unusual: (report) => report.unusual,
  users: (report) => report.users,
  commands: (report) => report.top_commands,
  agents: (report) => report.top_agents,
  event_types: (report) => report.event_types,
  devices: (report) => report.devices,
  sentiments: (report) => report.sentiments,
  dead_letters: (report) => report.quality.dead_letters,
};

const readCsv = async (report: StoredReport, table: string) =>
  parse(await csv.render(report, table), { columns: true }) as Record<string, string>[];

const readXlsx = async (report: StoredReport) => sheets.read(await xlsx.render(report, ''), { cellNF: true });
const rowsOf = (book: sheets.WorkBook, sheet: string) =>
  sheets.utils.sheet_to_json(book.Sheets[sheet]!, { header: 1, raw: true, defval: null }) as unknown[][];

describe('the files of reports', () => {
  it('come in four formats, and are the same for the same report', async () => {
    expect(reportFormats.map(({ name }) => name)).toEqual(['csv', 'html', 'json', 'xlsx']);
    for (const { render } of reportFormats)
      expect(await render(REPORT, 'users')).toEqual(await render(REPORT, 'users'));
    expect(JSON.parse((await json.render(REPORT, '')) as string)).toEqual(REPORT);
  });
});

describe('a report as CSV', () => {
  it.each(Object.keys(LISTS))('has all that the JSON has of %s', async (table) => {
    for (const report of [REPORT, QUIET_REPORT, EMPTY_REPORT]) {
      const wanted = (LISTS[table]!(report) as Json[]).map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)]),
        ),
      );
      expect(await readCsv(report, table)).toEqual(wanted);
    }
  });

  it('has each figure of the period, with the one before and the change', async () => {
    for (const { figure, value, previous, change } of await readCsv(REPORT, 'totals')) {
      const name = figure as keyof StoredReport['totals'];
      const texts = [REPORT.totals[name], REPORT.previous[name], REPORT.change[name]].map((one) =>
        String(one ?? ''),
      );
      expect([figure, value, previous, change]).toEqual([figure, ...texts]);
    }
    expect(await readCsv(REPORT, 'totals')).toHaveLength(Object.keys(REPORT.totals).length);
  });

  it('says what the report is about and what became of the events', async () => {
    const about = Object.fromEntries(
      (await readCsv(REPORT, 'about')).map(({ name, value }) => [name, value]),
    );
    expect(about).toEqual({
      ...{ kind: 'weekly', start: REPORT.period.start, end: REPORT.period.end, time_zone: 'Europe/Berlin' },
      ...{ computed_at: REPORT.computed_at, late_events: '12', watermark_erasures: '1' },
      watermark_events: String(REPORT.watermark.events),
    });
    const quality = Object.fromEntries(
      (await readCsv(REPORT, 'quality')).map(({ outcome, count }) => [outcome, Number(count)]),
    );
    expect(REPORT.quality).toMatchObject(quality);
    expect(await readCsv(REPORT, 'types_with_other_series')).toEqual([{ type: 'page_view' }]);
  });

  it('has names as clients send them, and formulas with an apostrophe', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        const users = [{ ...REPORT.users[0]!, user_id: `u${name}`, name }];
        const [row] = await readCsv({ ...REPORT, users }, 'users');
        expect(row).toMatchObject({
          user_id: `u${name}`,
          name: /^[=+\-@\t\r]/.test(name) ? `'${name}` : name,
        });
      }),
    );
  });
});

describe('a report as a workbook', () => {
  it('has a sheet for each table with rows, whose heading does not scroll', async () => {
    expect((await readXlsx(REPORT)).SheetNames).toEqual(REPORT_TABLES.map(({ title }) => title));
    expect((await readXlsx(EMPTY_REPORT)).SheetNames).toEqual([
      ...['All figures', 'Day by day', 'Data quality', 'About this report'],
    ]);
    for (const table of REPORT_TABLES) expect(table.title).toMatch(/^[^[\]:*?/\\<>&"]{1,31}$/);
  });

  it('has users with durations and local times as numbers', async () => {
    const book = await readXlsx(REPORT);
    const sheet = book.Sheets['Users with sessions']!;
    expect(rowsOf(book, 'Users with sessions')[0]).toEqual([
      ...['User', 'Name', 'Sessions', 'Talked time', 'Last session (Europe/Berlin)'],
    ]);
    expect(rowsOf(book, 'Users with sessions')).toHaveLength(1201);
    for (const [i, wanted] of REPORT.users.entries()) {
      const [user, name, sessions, talked, last] = [...'ABCDE'].map(
        (column) => sheet[`${column}${i + 2}`]?.v,
      );
      expect([user, name ?? null, sessions]).toEqual([wanted.user_id, wanted.name, wanted.sessions]);
      expect(talked * SECONDS_PER_DAY).toBeCloseTo(wanted.talked_seconds, 4);
      // In November Berlin is an hour ahead of UTC.
      const local = Date.parse(wanted.last_session_at) + 3_600_000;
      expect((last - 25_569) * SECONDS_PER_DAY * 1000).toBeCloseTo(local, 0);
    }
    expect([sheet.C2.z, sheet.D2.z, sheet.D2.w, sheet.E2.w]).toEqual([
      ...['#,##0', '[h]:mm:ss', expect.stringMatching(/^\d+:\d\d:\d\d$/), '2026-11-20 16:10:00.000'],
    ]);
  });

  it('has figures as numbers with their formats, and words in place of the names of the API', async () => {
    const book = await readXlsx(REPORT);
    const sheet = book.Sheets['All figures']!;
    const shown = (title: string) => {
      const at = rowsOf(book, 'All figures').findIndex(([name]) => name === title) + 1;
      return ['B', 'D'].map((column) => sheet[`${column}${at}`].w);
    };
    const names = (await readCsv(REPORT, 'totals')).map(
      ({ figure }) => figure as keyof StoredReport['totals'],
    );
    for (const [i, name] of names.entries()) {
      const isDuration = name === 'talked_seconds' || name === 'avg_session_seconds';
      const value = sheet[`B${i + 2}`].v * (isDuration ? SECONDS_PER_DAY : 1);
      expect([name, value]).toEqual([name, expect.closeTo(REPORT.totals[name]!, 6)]);
    }
    expect(shown('Events')).toEqual(['152,174', '+29.0%']);
    expect(shown('Error rate')).toEqual(['2.4%', '+24.7%']);
    expect(shown('Talked time')).toEqual(['334:16:40', '-8.1%']);
    expect(shown('Execution time, average')).toEqual(['764.2 ms', '+1.9%']);
    expect(rowsOf(book, 'Devices').map(([device]) => device)).toEqual([
      ...['Device', 'laptop', 'phone', 'other devices', 'not known'],
    ]);
  });

  it('has text as text, whatever it looks like', async () => {
    await fc.assert(
      // Readers make line feeds of carriage returns.
      fc.asyncProperty(
        hostile.filter((text) => !text.includes('\r')),
        async (name) => {
          const users = [{ ...REPORT.users[0]!, user_id: name, name: 'constructor' }];
          const { A2, B2 } = (await readXlsx({ ...REPORT, users })).Sheets['Users with sessions']!;
          expect([A2.f, A2.t, A2.v, B2.v]).toEqual([undefined, 's', name, 'constructor']);
        },
      ),
      { numRuns: 30 },
    );
  });
});
