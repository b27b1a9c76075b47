import { setImmediate as nextTurn } from 'node:timers/promises';
import { copiedValues } from '../reading/copied-values.js';
import type { Chunk } from '../reading/event-chunks.js';
import { eventColumns } from '../xlsx/event-columns.js';
import { MAX_ROWS, SheetXml } from '../xlsx/sheet.js';
import { sheetPath, workbookParts } from '../xlsx/workbook-parts.js';
import { ZipFile, type ZipState } from '../xlsx/zip-file.js';
import type { ExportFile, ExportFormat, FileRequest } from './export-format.js';

/** Rows that are rendered before other requests get their turn: 10 ms. */
const ROWS_PER_TURN = 1000;

interface XlsxState {
  readonly zip: ZipState;
  readonly sheet: number;
  /** Of the last row of the sheet. */
  readonly row: number;
}

/** A workbook, a sheet for every million events. */
class XlsxFile implements ExportFile {
  private readonly xml: SheetXml<Buffer>;
  private readonly zip: ZipFile;
  private sheet: number;
  private row: number;

  constructor(
    { columns }: FileRequest,
    private readonly maxRows: number,
    { zip, sheet, row }: Partial<XlsxState> = {},
  ) {
    this.xml = new SheetXml(eventColumns(columns));
    this.zip = new ZipFile(zip);
    this.sheet = sheet ?? 0;
    this.row = row ?? maxRows;
  }

  get state(): XlsxState {
    return { zip: this.zip.state, sheet: this.sheet, row: this.row };
  }

  private get names(): string[] {
    return Array.from({ length: this.sheet }, (_, i) => (i === 0 ? 'events' : `events ${i + 1}`));
  }

  begin(): Buffer {
    return Buffer.alloc(0);
  }

  async add({ bytes, events }: Pick<Chunk, 'bytes' | 'events'>): Promise<Buffer> {
    const rows = copiedValues(bytes, events);
    const pieces: Buffer[] = [];
    for (let at = 0; at < rows.length; ) {
      if (this.row === this.maxRows) pieces.push(await this.nextSheet());
      const some = rows.slice(at, at + Math.min(ROWS_PER_TURN, this.maxRows - this.row));
      pieces.push(await this.zip.add(some.map((values) => this.xml.row(++this.row, values)).join('')));
      at += some.length;
      await nextTurn();
    }
    return Buffer.concat(pieces);
  }

  async end(): Promise<Buffer> {
    const pieces = this.sheet === 0 ? [await this.nextSheet()] : [];
    pieces.push(await this.zip.add(this.xml.end), this.zip.close());
    for (const [path, xml] of workbookParts(this.names)) pieces.push(await this.zip.file(path, xml));
    return Buffer.concat([...pieces, this.zip.end()]);
  }

  private async nextSheet(): Promise<Buffer> {
    const ended = this.sheet === 0 ? [] : [await this.zip.add(this.xml.end), this.zip.close()];
    this.sheet++;
    this.row = 1;
    const begun = [this.zip.open(sheetPath(this.sheet)), await this.zip.add(this.xml.begin)];
    return Buffer.concat([...ended, ...begun]);
  }
}

/** @param maxRows rows of a sheet, the heading among them; tests have smaller sheets */
export const xlsxWithSheetsOf = (maxRows: number): ExportFormat => ({
  name: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  description:
    'A workbook with a new sheet every 1,048,575 events. Instants are dates in UTC, which their headings say. Text is never ' +
    'a formula. Whole numbers of more than 15 digits become text; text over 32,767 characters is cut and ends with `…`. ' +
    'Without its end, the file does not open.',
  options: [],
  isCompressed: true,
  rendering: 'values',
  open: (request, state) => new XlsxFile(request, maxRows, state as XlsxState | undefined),
});

/** Office Open XML, written by hand: no library goes on from a state (docs/decisions/035-exports-in-chunks.md). */
export const xlsx = xlsxWithSheetsOf(MAX_ROWS);
