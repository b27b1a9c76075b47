import { html } from 'ghtml';
import type { Report } from '../../content/report.js';
import type { Cell, ReportTable } from '../tables/report-table.js';
import { numberOf } from '../words/numbers.js';
import { htmlTable } from './html-table.js';

/** Rows of a table that the page shows. */
const MAX_ROWS = 100;
/** Tables with no more rows are not divided between two pages of paper. */
const WHOLE_ROWS = 20;

/** The heading and the table of a part of a report; nothing when the table has no rows to show. */
export function section(
  table: ReportTable,
  report: Report,
  isShown: (row: readonly Cell[]) => boolean = () => true,
): string {
  const rows = table.rows(report).filter(isShown);
  if (rows.length === 0) return '';
  const more = rows.length - MAX_ROWS;
  return html`<section!${rows.length > WHOLE_ROWS ? '' : ' class="whole"'}>
<h2>${table.title}</h2>
!${htmlTable({ table, rows: rows.slice(0, MAX_ROWS), timeZone: report.period.time_zone })}!${
    more > 0 ? note(`The files in CSV and XLSX have ${numberOf(more, 'more row')}.`) : ''
  }</section>
`;
}

/** A remark beside the figures. */
export const note = (text: string) => html`<p class="note">${text}</p>
`;
