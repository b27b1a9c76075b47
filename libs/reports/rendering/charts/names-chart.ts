import type { TopName } from '../../content/report.js';
import { countText, numberOf, shareText } from '../words/numbers.js';
import { LIGHT } from './chart-colors.js';
import type { ReportChart } from './report-chart.js';
import { rowsChart } from './rows-chart.js';

const MAX_ROWS = 8;
const NAMELESS = 'without a name';

/** Commands or agents with the most runs, and how many of these failed. Null without any. */
export async function namesChart(
  id: string,
  title: string,
  names: readonly TopName[],
): Promise<ReportChart | null> {
  const top = names.slice(0, MAX_ROWS);
  if (top.length === 0) return null;
  const rows = top.map(({ name, count, errors, error_rate }) => ({
    name: name ?? NAMELESS,
    parts: [count - errors, errors],
    text: `${countText(count)}${error_rate ? `, ${shareText(error_rate)}` : ''}`,
  }));
  const failing = top.filter(({ errors }) => errors > 0).sort((a, b) => b.error_rate! - a.error_rate!);
  return {
    ...{ id, title },
    legend: failing.length === 0 ? '' : 'Red, and the percentage: runs that failed.',
    alternative: `Bars. Most often ran ${top[0]!.name ?? NAMELESS}: ${numberOf(top[0]!.count, 'time')}. ${
      failing.length === 0
        ? 'None failed.'
        : `The largest share of failures had ${failing[0]!.name ?? NAMELESS}: ${shareText(failing[0]!.error_rate!)}.`
    }`,
    svg: await rowsChart(rows, [LIGHT.bar, LIGHT.failed], true),
  };
}
