import type { Report } from '../../content/report.js';
import { unitText } from '../words/dates.js';
import { countText, numberOf } from '../words/numbers.js';
import { LIGHT } from './chart-colors.js';
import type { ReportChart } from './report-chart.js';
import { rowsChart } from './rows-chart.js';

const MAX_ROWS = 8;

/** The most frequent event types, now and in the period before. Null without events. */
export async function typesChart(report: Report): Promise<ReportChart | null> {
  const top = report.event_types.slice(0, MAX_ROWS);
  if (top.length === 0) return null;
  const rows = top.map(({ type, count, previous }) => ({
    name: type,
    parts: [count, previous],
    text: countText(count),
  }));
  const [first] = top;
  return {
    ...{ id: 'event-types', title: 'Event types' },
    legend: `Grey: the ${unitText(report)} before.`,
    alternative: `Bars. The most frequent type is ${first!.type}: ${numberOf(first!.count, 'event')}, after ${countText(first!.previous)} in the ${unitText(report)} before.`,
    svg: await rowsChart(rows, [LIGHT.bar, LIGHT.before], false),
  };
}
