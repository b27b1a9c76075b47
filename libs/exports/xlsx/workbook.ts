import { setImmediate as nextTurn } from 'node:timers/promises';
import { type SheetColumn, SheetXml } from './sheet.js';
import { sheetPath, workbookParts } from './workbook-parts.js';
import { ZipFile } from './zip-file.js';

/** Rows that are rendered before other requests get their turn: 10 ms. */
const ROWS_PER_TURN = 1000;

/** A sheet whose rows are all at hand. */
export interface Sheet<Value> {
  /** At most 31 characters, none of `[]:*?/\<>&"`. */
  readonly name: string;
  readonly columns: readonly SheetColumn<Value>[];
  readonly rows: readonly (readonly (Value | null)[])[];
}

/** The bytes of a workbook; equal sheets make equal bytes. */
export async function workbookOf<Value>(sheets: readonly Sheet<Value>[]): Promise<Buffer> {
  const zip = new ZipFile();
  const pieces: Buffer[] = [];
  for (const [index, { columns, rows }] of sheets.entries()) {
    const xml = new SheetXml(columns);
    pieces.push(zip.open(sheetPath(index + 1)), await zip.add(xml.begin));
    for (let at = 0; at < rows.length; at += ROWS_PER_TURN) {
      const some = rows.slice(at, at + ROWS_PER_TURN);
      // The heading is row 1.
      pieces.push(await zip.add(some.map((values, i) => xml.row(at + i + 2, values)).join('')));
      await nextTurn();
    }
    pieces.push(await zip.add(xml.end), zip.close());
  }
  for (const [path, xml] of workbookParts(sheets.map(({ name }) => name)))
    pieces.push(await zip.file(path, xml));
  return Buffer.concat([...pieces, zip.end()]);
}
