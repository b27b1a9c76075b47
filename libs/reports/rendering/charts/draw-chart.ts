import type { BarSeriesOption, GridComponentOption } from 'echarts';
import type { ComposeOption, use } from 'echarts/core';

export type ChartOption = ComposeOption<BarSeriesOption | GridComponentOption>;

/** In CSS pixels. */
export const CHART_WIDTH = 440;

/** Text of charts; the measures of ECharts are for its default size, 12. */
export const FONT_SIZE = 12;

/** `echarts/charts` and its like have types, but load every chart: 18 MB and 0.3 s more. */
const PARTS = [
  'echarts/lib/chart/bar/install.js',
  'echarts/lib/component/grid/installSimple.js',
  'echarts/lib/renderer/installSVGRenderer.js',
];

interface Part {
  readonly install: Extract<Parameters<typeof use>[0], (...args: never[]) => void>;
}

/** Loaded with the first chart: 24 MB and 0.2 s. */
let loaded: Promise<typeof import('echarts/core')> | null = null;

async function load() {
  const core = await import('echarts/core');
  const parts = await Promise.all(PARTS.map((path) => import(path) as Promise<Part>));
  core.use(parts.map(({ install }) => install));
  return core;
}

/**
 * Draws a chart. Equal options make equal charts.
 * @param height in CSS pixels
 * @returns SVG, with a transparent background
 */
export async function drawChart(option: ChartOption, height: number): Promise<string> {
  loaded ??= load();
  const { init } = await loaded;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: CHART_WIDTH, height });
  try {
    chart.setOption({ animation: false, ...option });
    return tidied(chart.renderToSVGString());
  } finally {
    // Each chart that is not disposed of keeps 5 MB.
    chart.dispose();
  }
}

/** Without what only its own scripts read. Names of classes count the charts of the process. */
const tidied = (svg: string) =>
  svg
    .replaceAll(/<style\s*>.*?<\/style>\s*/gs, '')
    .replaceAll(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .trim();
