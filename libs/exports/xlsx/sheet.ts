import { instantOf } from '../reading/copied-values.js';
import type { Column } from '../request/columns.js';
import { cell, instantCell, STYLE, textCell } from './cell.js';

/** Rows of a sheet, the heading among them. */
export const MAX_ROWS = 1_048_576;

/** Characters that a column is wide. */
const WIDTHS: Readonly<Record<string, number>> = { id: 38, ts: 24, received_at: 24, type: 22, payload: 60 };
const USUAL_WIDTH = 18;

const INSTANTS = new Set(['ts', 'received_at']);

/** The XML of sheets with some columns. */
export class SheetXml {
  private readonly letters: readonly string[];
  private readonly cells: readonly ((place: string, value: Buffer) => string)[];

  constructor(private readonly columns: readonly Column[]) {
    this.letters = columns.map((_, i) => lettersOf(i));
    this.cells = columns.map(cellsOf);
  }

  /** The beginning of a sheet, with the heading as its first row. */
  get begin(): string {
    const widths = this.columns.map(
      ({ name }, i) =>
        `<col min="${i + 1}" max="${i + 1}" width="${WIDTHS[name] ?? USUAL_WIDTH}" customWidth="1"/>`,
    );
    const headings = this.columns.map(({ name }, i) =>
      textCell(`${this.letters[i]}1`, INSTANTS.has(name) ? `${name} (UTC)` : name, STYLE.heading),
    );
    return (
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>' +
      '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>' +
      `</sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${headings.join('')}</row>`
    );
  }

  readonly end = '</sheetData></worksheet>';

  /**
   * @param row its number, from 1
   * @param values of the columns, as PostgreSQL sends them
   */
  row(row: number, values: readonly (Buffer | null)[]): string {
    let cells = '';
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value) cells += this.cells[i]!(this.letters[i]! + row, value);
    }
    return `<row r="${row}">${cells}</row>`;
  }
}

/** How the cells of a column are written. */
function cellsOf({ name, path }: Column): (place: string, value: Buffer) => string {
  if (path) return (place, value) => cell(place, JSON.parse(value.toString()));
  if (INSTANTS.has(name)) return (place, value) => instantCell(place, instantOf(value));
  return (place, value) => textCell(place, value.toString());
}

/** A, B, … Z, AA, … */
function lettersOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : lettersOf(Math.floor(index / 26) - 1) + letter;
}
