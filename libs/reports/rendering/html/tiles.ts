import { html } from 'ghtml';
import type { PeriodFigures, Report } from '../../content/report.js';
import { type Cell } from '../tables/report-table.js';
import { isTelling, totals } from '../tables/totals.table.js';
import { cellText } from '../words/cell-text.js';
import { unitText } from '../words/dates.js';

const SHOWN: readonly (keyof PeriodFigures)[] = [
  ...(['events', 'active_users', 'new_users'] as const),
  ...(['sessions', 'talked_seconds', 'error_rate'] as const),
];

/** The most important figures, each with its change; those that were and are zero are left out. */
export function tiles(report: Report): string {
  const rows = totals
    .rows(report)
    .filter((row) => SHOWN.some((one) => one === row[0]!.value) && isTelling(row));
  return html`<dl class="tiles">
!${rows.map((row) => tile(row, report))}</dl>
`;
}

function tile([name, now, before, change]: readonly Cell[], report: Report): string {
  const [figure, value, previous, difference] = totals.columns;
  const text = (cell: Cell | undefined, column: typeof figure) =>
    cellText(cell!, column!, report.period.time_zone);
  const since =
    change!.value === null
      ? [before!.value === 0 ? 'none' : text(before, previous), `the ${unitText(report)} before`]
      : [text(change, difference), `from ${text(before, previous)}`];
  return html`<div class="tile"><dt>${text(name, figure)}</dt>
<dd class="value">${text(now, value)}</dd>
<dd class="change">!${since.map((part) => html`<span>${part}</span> `)}</dd></div>
`;
}
