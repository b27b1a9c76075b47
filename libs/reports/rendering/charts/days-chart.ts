import type { Report, ReportDay } from '../../content/report.js';
import { dayText } from '../words/dates.js';
import { countText, numberOf } from '../words/numbers.js';
import { LIGHT } from './chart-colors.js';
import { type ChartOption, drawChart, FONT_SIZE } from './draw-chart.js';
import type { ReportChart } from './report-chart.js';

const HEIGHT = 220;
/** More bars than these leave no room for a number on each. */
const MAX_LABELLED = 8;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What a chart by days is about. */
export interface DaysFigure {
  readonly figure: 'events' | 'active_users';
  readonly title: string;
  /** One of them. */
  readonly one: string;
}

/** A bar for each day; unusual ones have another colour. Null when all are zero. */
export async function daysChart(
  { days, unusual }: Report,
  { figure, title, one }: DaysFigure,
): Promise<ReportChart | null> {
  const top = Math.max(0, ...days.map((day) => day[figure]));
  if (top === 0) return null;
  const marked = new Set(unusual.filter((day) => day.figure === figure).map(({ day }) => day));
  return {
    ...{ id: `days-${figure.replace('_', '-')}`, title },
    legend: marked.size === 0 ? '' : 'Orange: unusual days.',
    alternative: `Bars by day. ${inWords(days, figure, one)}`,
    svg: await drawChart(optionOf(days, figure, marked), HEIGHT),
  };
}

function inWords(days: readonly ReportDay[], figure: DaysFigure['figure'], one: string): string {
  const sorted = [...days].sort((a, b) => a[figure] - b[figure]);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  return `Most on ${dayText(most.day)}: ${numberOf(most[figure], one)}. Fewest on ${dayText(least.day)}: ${countText(least[figure])}.`;
}

function optionOf(
  days: readonly ReportDay[],
  figure: DaysFigure['figure'],
  marked: ReadonlySet<string>,
): ChartOption {
  const isWeek = days.length <= MAX_LABELLED;
  return {
    grid: { left: 44, right: 8, top: 18, bottom: 26, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: days.map(({ day }) => (isWeek ? dayText(day).split(',')[0]! : String(Number(day.slice(-2))))),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LIGHT.line } },
      axisLabel: { color: LIGHT.text, fontSize: FONT_SIZE, ...(isWeek && { interval: 0 }) },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 4,
      splitLine: { lineStyle: { color: LIGHT.line } },
      axisLabel: { color: LIGHT.text, fontSize: FONT_SIZE, formatter: (value) => compact.format(value) },
    },
    series: [
      {
        ...{
          type: 'bar',
          silent: true,
          emphasis: { disabled: true },
          barCategoryGap: isWeek ? '40%' : '25%',
        },
        data: days.map((day) => ({
          value: day[figure],
          itemStyle: { color: marked.has(day.day) ? LIGHT.unusual : LIGHT.bar },
        })),
        label: {
          ...{ show: isWeek, position: 'top', color: LIGHT.text, fontSize: FONT_SIZE },
          formatter: ({ value }) => compact.format(Number(value)),
        },
      },
    ],
  };
}
