import { createRequire } from 'node:module';
import { CHART_WIDTH } from './draw-chart.js';
import type { ReportChart } from './report-chart.js';

/** Sharp on screens with two pixels to each of CSS. */
const SCALE = 2;
const BACKGROUND = '#ffffff';
/** Ships with Millrace, so that a chart looks the same everywhere; as wide as the text that ECharts expects. */
const FONT = { file: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf', family: 'DejaVu Sans Condensed' };

export interface PngImage {
  readonly bytes: Buffer;
  /** In CSS pixels; the picture has twice as many. */
  readonly width: number;
  readonly height: number;
}

/** A chart as a picture on a white background, for mails: mail programs do not show SVG. */
export async function chartPng({ svg }: Pick<ReportChart, 'svg'>): Promise<PngImage> {
  // Loaded with the first picture.
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, {
    background: BACKGROUND,
    fitTo: { mode: 'width', value: CHART_WIDTH * SCALE },
    font: {
      ...{ loadSystemFonts: false, defaultFontFamily: FONT.family, sansSerifFamily: FONT.family },
      fontFiles: [createRequire(import.meta.url).resolve(FONT.file)],
    },
  });
  return { bytes: image.asPng(), width: image.width / SCALE, height: image.height / SCALE };
}
