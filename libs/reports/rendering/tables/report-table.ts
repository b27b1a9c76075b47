import type { Report } from '../../content/report.js';

/** What a value is, which decides how each format writes it. */
export type Kind =
  | 'text'
  | 'count'
  | 'decimal'
  /** Of one: 0.25 is a quarter. */
  | 'share'
  /** A share that is added or taken away: -0.25 is a quarter less. */
  | 'change'
  | 'seconds'
  | 'milliseconds'
  /** Local date, `YYYY-MM-DD`. */
  | 'day'
  /** RFC 3339. */
  | 'instant';

export interface Cell {
  readonly kind: Kind;
  /** As in the JSON of a report; null: none. */
  readonly value: string | number | null;
}

export interface TableColumn {
  /** In CSV, as in the JSON of a report. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** What people read in place of some values. */
  readonly words?: Readonly<Record<string, string>>;
  /** What people read where there is no value. */
  readonly missing?: string;
}

/** A table of reports, without its values. */
export interface ReportTable {
  /** In a URL, and as the name of a sheet. */
  readonly name: string;
  readonly title: string;
  /** A sentence in place of a table without rows. */
  readonly nothing: string;
  readonly columns: readonly TableColumn[];
  readonly rows: (report: Report) => readonly (readonly Cell[])[];
}

/** What people read in place of a text. */
export const wordFor = ({ words = {} }: TableColumn, text: string): string =>
  Object.hasOwn(words, text) ? words[text]! : text;

/** A column, and where its cells come from. */
interface ColumnOf<Item> extends TableColumn {
  readonly kind: Kind | ((item: Item) => Kind);
  readonly of: (item: Item) => Cell['value'];
}

/** A table with a row for each item of a report. */
export function defineTable<Item>({
  columns,
  items,
  ...table
}: Pick<ReportTable, 'name' | 'title' | 'nothing'> & {
  readonly items: (report: Report) => readonly Item[];
  readonly columns: readonly ColumnOf<Item>[];
}): ReportTable {
  const cell = ({ kind, of }: ColumnOf<Item>, item: Item): Cell => ({
    kind: typeof kind === 'function' ? kind(item) : kind,
    value: of(item),
  });
  return {
    ...{ ...table, columns },
    rows: (report) => items(report).map((item) => columns.map((column) => cell(column, item))),
  };
}
