import type { Report } from '../../content/report.js';
import { agents, commands } from '../tables/names.table.js';
import type { ReportTable } from '../tables/report-table.js';
import { users } from '../tables/users.table.js';
import { cellText } from '../words/cell-text.js';
import { kindText, periodText } from '../words/dates.js';
import { numberOf } from '../words/numbers.js';
import { summaryOf } from '../words/summary.js';

/** Rows of a table in a text. */
const MAX_ROWS = 5;

/** A report as plain text, for mails: what matters most, in lines that do not depend on their width. Pure. */
export function reportText(report: Report): string {
  const parts = [
    `${kindText(report)}, ${periodText(report)}`,
    `Days and times in the time zone ${report.period.time_zone}.`,
    ...summaryOf(report),
    ...(report.unusual.length === 0
      ? []
      : [
          listOf(
            'Unusual',
            report.unusual.map(({ text }) => text),
          ),
        ]),
    ...[users, commands, agents].flatMap((table) => topRows(table, report)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const listOf = (title: string, lines: readonly string[]) =>
  [title, ...lines.map((line) => `- ${line}`)].join('\n');

function topRows(table: ReportTable, report: Report): string[] {
  const rows = table.rows(report);
  if (rows.length === 0) return [];
  const lines = rows.slice(0, MAX_ROWS).map((row) => {
    const texts = row.flatMap((cell, i) => {
      if (cell.value === null && i > 0) return [];
      const column = table.columns[i]!;
      const text = oneLine(cellText(cell, column, report.period.time_zone));
      return i === 0 ? [text] : [`${column.title.toLowerCase()} ${text}`];
    });
    return `${texts[0]}: ${texts.slice(1).join(', ')}`;
  });
  const more = rows.length - MAX_ROWS;
  return [listOf(table.title, more > 0 ? [...lines, `and ${numberOf(more, 'more', 'more')}`] : lines)];
}

/** Names are whatever clients send; a line break would begin a line of their own. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ');
