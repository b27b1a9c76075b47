import { textCell } from './cell.js';
import { STYLE } from './styles.js';

/** Rows of a sheet, the heading among them. */
export const MAX_ROWS = 1_048_576;

/** A column of a sheet. */
export interface SheetColumn<Value> {
  readonly heading: string;
  /** Its values are numbers, so the heading is over their last digits. */
  readonly isNumeric: boolean;
  /** In characters. */
  readonly width: number;
  /** The cell with a value, at a place such as `B7`. */
  readonly cell: (place: string, value: Value) => string;
}

/** The XML of sheets with some columns. */
export class SheetXml<Value> {
  private readonly letters: readonly string[];

  constructor(private readonly columns: readonly SheetColumn<Value>[]) {
    this.letters = columns.map((_, i) => lettersOf(i));
  }

  /** The beginning of a sheet, with the heading as its first row, which does not scroll. */
  get begin(): string {
    const widths = this.columns.map(
      ({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
    );
    const headings = this.columns.map(({ heading, isNumeric }, i) =>
      textCell(`${this.letters[i]}1`, heading, isNumeric ? STYLE.numericHeading : STYLE.heading),
    );
    return (
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
      // On paper, a page is as wide as the sheet.
      '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>' +
      '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>' +
      `</sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${headings.join('')}</row>`
    );
  }

  readonly end =
    '</sheetData><pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>';

  /**
   * @param row its number, from 1
   * @param values of the columns; null: no cell
   */
  row(row: number, values: readonly (Value | null)[]): string {
    let cells = '';
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value) cells += this.columns[i]!.cell(this.letters[i]! + row, value);
    }
    return `<row r="${row}">${cells}</row>`;
  }
}

/** A, B, … Z, AA, … */
function lettersOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : lettersOf(Math.floor(index / 26) - 1) + letter;
}
