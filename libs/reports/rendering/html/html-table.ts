import { html } from 'ghtml';
import type { Cell, ReportTable, TableColumn } from '../tables/report-table.js';
import { cellText, isNumeric } from '../words/cell-text.js';

type Row = readonly Cell[];

/** Kinds that are not divided between two lines. */
const TIMES: ReadonlySet<Cell['kind']> = new Set(['day', 'instant']);

/** What a table shows of a report. */
export interface TableContent {
  readonly table: ReportTable;
  readonly rows: readonly Row[];
  /** IANA name. */
  readonly timeZone: string;
}

/** A table as HTML. Columns that have no values are left out. */
export function htmlTable({ table, rows, timeZone }: TableContent): string {
  const isShown = ({ missing }: TableColumn, place: number) =>
    missing !== undefined || rows.some((row) => row[place]!.value !== null);
  const places = table.columns.flatMap((column, i) => (isShown(column, i) ? [i] : []));
  const heads = places.map((i) => headOf(table.columns[i]!, rows[0]![i]!));
  return html`<div class="scroll"><table>
<caption>${table.title}</caption>
<thead><tr>!${heads}</tr></thead>
<tbody>
!${rows.map((row) => rowOf(table, row, places, timeZone))}</tbody>
</table></div>
`;
}

const headOf = ({ title }: TableColumn, { kind }: Cell) =>
  html`<th scope="col"!${numericClass(kind)}>${title}</th>`;

function rowOf({ columns }: ReportTable, row: Row, places: readonly number[], timeZone: string): string {
  const cells = places.map((i, place) => {
    const text = cellText(row[i]!, columns[i]!, timeZone);
    // The text may have another direction than the page.
    if (place === 0) return html`<th scope="row"><bdi>${text}</bdi></th>`;
    return isNumeric(row[i]!.kind)
      ? html`<td class="number">${text}</td>`
      : html`<td!${TIMES.has(row[i]!.kind) ? ' class="time"' : ''}><bdi>${text}</bdi></td>`;
  });
  return html`<tr>!${cells}</tr>
`;
}

const numericClass = (kind: Cell['kind']) => (isNumeric(kind) ? ' class="number"' : '');
