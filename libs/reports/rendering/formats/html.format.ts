import { reportHtml } from '../html/report-html.js';
import type { ReportFormat } from './report-format.js';

/** A page to read and to print. */
export const html: ReportFormat = {
  ...{ name: 'html', mediaType: 'text/html; charset=utf-8', isInline: true, hasOneTable: false },
  description:
    'A page with charts, to read and to print. It holds no script and loads nothing. Days and times are in the time zone of ' +
    'the report. Of long tables it has the first 100 rows.',
  render: reportHtml,
};
