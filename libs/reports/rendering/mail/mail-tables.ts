import type { Report } from '../../content/report.js';
import { eventTypes } from '../tables/counts.table.js';
import { agents, commands } from '../tables/names.table.js';
import { quality } from '../tables/quality.table.js';
import type { Cell, ReportTable } from '../tables/report-table.js';
import { isTelling, totals } from '../tables/totals.table.js';
import { users } from '../tables/users.table.js';
import { cellText, isNumeric } from '../words/cell-text.js';
import { plainName } from '../words/plain-name.js';

/** A table of a mail. */
export interface MailTable {
  readonly title: string;
  readonly columns: readonly MailColumn[];
  readonly rows: readonly (readonly string[])[];
}

export interface MailColumn {
  readonly title: string;
  readonly isNumeric: boolean;
  /** Small screens have no room for it. */
  readonly isWideOnly: boolean;
}

/** What a mail shows of a table. */
interface Choice {
  readonly table: ReportTable;
  /** Names of columns; the second of two stands in where the first has no value. */
  readonly columns: readonly (string | readonly [string, string])[];
  readonly wideOnly?: string;
  readonly isShown?: (row: readonly Cell[]) => boolean;
}

const RUNS = ['name', 'count', 'error_rate', 'p95_execution_time_ms'];
const CHOICES: readonly Choice[] = [
  {
    ...{ table: totals, columns: ['figure', 'value', 'previous', 'change'] },
    ...{ wideOnly: 'previous', isShown: isTelling },
  },
  {
    table: users,
    columns: [['name', 'user_id'], 'sessions', 'talked_seconds', 'last_session_at'],
    wideOnly: 'last_session_at',
  },
  { table: commands, columns: RUNS },
  { table: agents, columns: RUNS },
  { table: eventTypes, columns: ['type', 'count', 'previous'] },
  { table: quality, columns: ['outcome', 'count'], isShown: ([, count]) => count!.value !== 0 },
];

/** Mail programs cut mails of more than 100 kB; the page of the report has the rest. */
const MAX_ROWS = 10;

/** The tables of a report that have rows, shortened for a mail. Pure. */
export function mailTables(report: Report): MailTable[] {
  return CHOICES.map((choice) => mailTable(choice, report)).filter(({ rows }) => rows.length > 0);
}

function mailTable({ table, columns, wideOnly, isShown = () => true }: Choice, report: Report): MailTable {
  const placeOf = (wanted: string) => table.columns.findIndex(({ name }) => name === wanted);
  const rows = table.rows(report).filter(isShown);
  // The figures have no order in which some could be left out.
  const shown = table === totals ? rows : rows.slice(0, MAX_ROWS);
  const cellOf = (row: readonly Cell[], column: Choice['columns'][number]) => {
    const places = [column].flat().map(placeOf);
    const place = places.find((one) => row[one]!.value !== null) ?? places[0]!;
    return plainName(cellText(row[place]!, table.columns[place]!, report.period.time_zone));
  };
  return {
    title: rows.length > shown.length ? `${table.title}: the first ${MAX_ROWS}` : table.title,
    columns: columns.map((column) => {
      const place = placeOf([column].flat()[0]!);
      return {
        title: table.columns[place]!.title,
        isNumeric: rows.some((row) => isNumeric(row[place]!.kind)),
        isWideOnly: column === wideOnly,
      };
    }),
    rows: shown.map((row) => columns.map((column) => cellOf(row, column))),
  };
}
