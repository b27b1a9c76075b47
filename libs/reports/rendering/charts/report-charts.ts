import type { Report } from '../../content/report.js';
import { daysChart } from './days-chart.js';
import { namesChart } from './names-chart.js';
import type { ReportChart } from './report-chart.js';
import { typesChart } from './types-chart.js';

/** The charts of a report; what has no figures has no chart. Equal reports have equal charts. */
export async function reportCharts(report: Report): Promise<ReportChart[]> {
  const charts = [
    await daysChart(report, { figure: 'events', title: 'Events by day', one: 'event' }),
    await daysChart(report, { figure: 'active_users', title: 'Active users by day', one: 'user' }),
    await namesChart('commands', 'Commands', report.top_commands),
    await typesChart(report),
  ];
  return charts.filter((chart) => chart !== null);
}
