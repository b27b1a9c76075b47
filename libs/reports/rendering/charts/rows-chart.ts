import { plainName } from '../words/plain-name.js';
import { LIGHT } from './chart-colors.js';
import { type ChartOption, drawChart, FONT_SIZE } from './draw-chart.js';

const ROW_HEIGHT = 30;
const NAME_WIDTH = 120;
/** Some fonts are wider than the one that ECharts expects. */
const SPARE_WIDTH = 24;
/** Room for the text after the longest bar. */
const TEXT_WIDTH = 100;

/** A row of a chart: a name, parts of a bar, and a text after it. */
export interface ChartRow {
  readonly name: string;
  readonly parts: readonly number[];
  readonly text: string;
}

/**
 * Draws horizontal bars, the first row at the top.
 * @param colors of the parts
 * @param isStacked parts are one bar; otherwise one bar each
 */
export function rowsChart(
  rows: readonly ChartRow[],
  colors: readonly string[],
  isStacked: boolean,
): Promise<string> {
  const last = colors.length - 1;
  const option: ChartOption = {
    grid: { left: NAME_WIDTH + SPARE_WIDTH, right: TEXT_WIDTH, top: 4, bottom: 4, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => plainName(name)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LIGHT.line } },
      axisLabel: {
        ...{ interval: 0, color: LIGHT.text, fontSize: FONT_SIZE },
        ...{ width: NAME_WIDTH, overflow: 'truncate', ellipsis: '…' },
      },
    },
    series: colors.map((color, part) => ({
      ...{ type: 'bar', silent: true, emphasis: { disabled: true } },
      ...(isStacked ? { stack: 'all', barCategoryGap: '40%' } : { barGap: '10%', barCategoryGap: '30%' }),
      itemStyle: { color },
      data: rows.map(({ parts }) => parts[part] ?? 0),
      label: {
        ...{
          show: part === (isStacked ? last : 0),
          position: 'right',
          color: LIGHT.text,
          fontSize: FONT_SIZE,
        },
        formatter: ({ dataIndex }) => rows[dataIndex]!.text,
      },
    })),
  };
  return drawChart(option, rows.length * ROW_HEIGHT + 8);
}
