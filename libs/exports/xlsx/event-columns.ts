import { instantOf } from '../reading/copied-values.js';
import type { Column } from '../request/columns.js';
import { cell, instantCell, textCell } from './cell.js';
import type { SheetColumn } from './sheet.js';

/** Characters that a column is wide. */
const WIDTHS: Readonly<Record<string, number>> = { id: 38, ts: 24, received_at: 24, type: 22, payload: 60 };
const USUAL_WIDTH = 18;

const INSTANTS = new Set(['ts', 'received_at']);

/** Columns of a sheet of events, whose values are as PostgreSQL sends them. */
export const eventColumns = (columns: readonly Column[]): SheetColumn<Buffer>[] =>
  columns.map((column) => ({
    heading: INSTANTS.has(column.name) ? `${column.name} (UTC)` : column.name,
    isNumeric: false,
    width: WIDTHS[column.name] ?? USUAL_WIDTH,
    cell: cellsOf(column),
  }));

/** How the cells of a column are written. */
function cellsOf({ name, path }: Column): (place: string, value: Buffer) => string {
  if (path) return (place, value) => cell(place, JSON.parse(value.toString()));
  if (INSTANTS.has(name)) return (place, value) => instantCell(place, instantOf(value));
  return (place, value) => textCell(place, value.toString());
}
