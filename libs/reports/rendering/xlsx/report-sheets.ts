import type { Sheet } from '#exports';
import type { Report } from '../../content/report.js';
import { type Cell, type Kind, type ReportTable, type TableColumn, wordFor } from '../tables/report-table.js';
import { REPORT_TABLES } from '../tables/report-tables.js';
import { cellXml } from './cell-xml.js';

/** Characters that a column is wide. */
const WIDTHS: Partial<Record<Kind, number>> = { instant: 30, day: 13 };
const USUAL_WIDTH = 18;
const MIN_TEXT_WIDTH = 20;
const MAX_TEXT_WIDTH = 60;

/** The sheets of a report: its tables, but for those without rows. Pure. */
export const reportSheets = (report: Report): Sheet<Cell>[] =>
  REPORT_TABLES.flatMap((table) => {
    const rows = table.rows(report);
    return rows.length === 0 ? [] : [sheetOf(table, rows, report.period.time_zone)];
  });

function sheetOf(
  { title, columns }: ReportTable,
  rows: readonly (readonly Cell[])[],
  timeZone: string,
): Sheet<Cell> {
  return {
    name: title,
    columns: columns.map((column, i) => ({
      heading: rows[0]![i]!.kind === 'instant' ? `${column.title} (${timeZone})` : column.title,
      isNumeric: rows[0]![i]!.kind !== 'text',
      width: widthOf(column, rows, i),
      cell: (place, cell) => cellXml(place, cell, column, timeZone),
    })),
    rows: rows.map((row) =>
      row.map((cell, i) => (cell.value === null && columns[i]!.missing === undefined ? null : cell)),
    ),
  };
}

function widthOf(column: TableColumn, rows: readonly (readonly Cell[])[], place: number): number {
  const { kind } = rows[0]![place]!;
  if (kind !== 'text') return WIDTHS[kind] ?? USUAL_WIDTH;
  const longest = rows.reduce((most, row) => {
    return Math.max(most, wordFor(column, String(row[place]!.value ?? '')).length);
  }, MIN_TEXT_WIDTH);
  return Math.min(longest + 2, MAX_TEXT_WIDTH);
}
