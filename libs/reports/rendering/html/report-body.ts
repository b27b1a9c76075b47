import { html } from 'ghtml';
import type { Report } from '../../content/report.js';
import type { ReportChart } from '../charts/report-chart.js';
import { devices, eventTypes, sentiments } from '../tables/counts.table.js';
import { days } from '../tables/days.table.js';
import { agents, commands } from '../tables/names.table.js';
import { deadLetters, otherSeries, quality, rejections } from '../tables/quality.table.js';
import type { ReportTable } from '../tables/report-table.js';
import { isTelling, totals } from '../tables/totals.table.js';
import { users } from '../tables/users.table.js';
import { numberOf } from '../words/numbers.js';
import { htmlCharts } from './html-charts.js';
import { note, section } from './section.js';
import { tiles } from './tiles.js';

/** Tables that may have no rows in a period with events. */
const OPTIONAL = [users, commands, agents, devices, sentiments];

/** What follows the first sentences: figures, charts and tables, as far as there are any. */
export function reportBody(report: Report, charts: readonly ReportChart[]): string {
  if (report.totals.events === 0 && report.previous.events === 0) return qualityOf(report);
  const show = (table: ReportTable) => section(table, report);
  return html`!${tiles(report)}!${unusualDays(report)}!${htmlCharts(charts)}!${show(users)}!${unnamedUsers(report)}!${show(
    commands,
  )}!${show(agents)}<div class="tables">
!${show(eventTypes)}!${show(devices)}!${show(sentiments)}</div>
!${nothing(report)}!${show(days)}!${section(totals, report, isTelling)}!${qualityOf(report)}`;
}

const unusualDays = ({ unusual }: Report) =>
  unusual.length === 0
    ? ''
    : html`<section class="unusual">
<h2>Unusual</h2>
<ul>
!${unusual.map(({ text }) => html`<li>${text}</li>`)}
</ul>
</section>
`;

function unnamedUsers({ users: named, users_with_sessions: all }: Report): string {
  if (all <= named.length) return '';
  return note(
    `${numberOf(all - named.length, 'further user')} had fewer sessions, and the report does not name them.`,
  );
}

/** One paragraph in place of many empty sections. */
function nothing(report: Report): string {
  const empty = OPTIONAL.filter((table) => table.rows(report).length === 0);
  return empty.length === 0 ? '' : note(empty.map((table) => table.nothing).join(' '));
}

function qualityOf(report: Report): string {
  if (report.quality.received + report.quality.rejected === 0) return '';
  return html`<div class="tables">
!${section(quality, report)}!${section(rejections, report)}!${section(deadLetters, report)}!${section(otherSeries, report)}</div>
`;
}
