import { csvRecord } from '#exports';
import { REPORT_TABLES } from '../tables/report-tables.js';
import type { ReportFormat } from './report-format.js';

/** One table of a report: programs cannot load a file with several, one below the other. */
export const csv: ReportFormat = {
  ...{
    name: 'csv',
    mediaType: 'text/csv; charset=utf-8; header=present',
    isInline: false,
    hasOneTable: true,
  },
  description:
    'One table of the report as RFC 4180, with a header. Values are those of the JSON: instants in UTC, shares of one, ' +
    'seconds. Text that a spreadsheet program would run as a formula gets an apostrophe in front.',
  render: async (report, table) => {
    const { columns, rows } = REPORT_TABLES.find(({ name }) => name === table)!;
    const records = rows(report).map((row) => csvRecord(row.map(({ value }) => value)));
    return csvRecord(columns.map(({ name }) => name)) + records.join('');
  },
};
