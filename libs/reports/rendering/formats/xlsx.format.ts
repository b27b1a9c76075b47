import { workbookOf } from '#exports';
import { reportSheets } from '../xlsx/report-sheets.js';
import type { ReportFormat } from './report-format.js';

/** A workbook with the tables of a report. */
export const xlsx: ReportFormat = {
  name: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ...{ isInline: false, hasOneTable: false },
  description:
    'A workbook with a sheet for each table that has rows. Days, times, durations and shares are numbers of a spreadsheet; ' +
    'times are in the time zone that the heading names. Text is never a formula.',
  render: (report) => workbookOf(reportSheets(report)),
};
