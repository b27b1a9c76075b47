import type { Report } from '../../content/report.js';
import { chartPng } from '../charts/chart-png.js';
import type { ReportChart } from '../charts/report-chart.js';
import { reportCharts } from '../charts/report-charts.js';

/** A chart as a picture in a mail. */
export interface MailChart extends Pick<ReportChart, 'id' | 'title' | 'legend' | 'alternative'> {
  readonly png: Uint8Array;
}

/** The charts of a report as pictures: mail programs drop SVG. */
export async function mailCharts(report: Report): Promise<MailChart[]> {
  const pictures: MailChart[] = [];
  // One at a time: each takes some megabytes.
  for (const { id, title, legend, alternative, svg } of await reportCharts(report)) {
    pictures.push({ id, title, legend, alternative, png: (await chartPng({ svg })).bytes });
  }
  return pictures;
}
