import { html } from 'ghtml';
import type { Report } from '../../content/report.js';
import { reportCharts } from '../charts/report-charts.js';
import { kindText, periodText } from '../words/dates.js';
import { noticesOf } from '../words/notices.js';
import { summaryOf } from '../words/summary.js';
import { reportBody } from './report-body.js';
import { REPORT_STYLE } from './report-style.js';

/**
 * A report as one HTML document: no script, nothing from elsewhere, light and dark, for screens and paper. Equal reports make
 * equal documents.
 */
export async function reportHtml(report: Report): Promise<string> {
  const [kind, period] = [kindText(report), periodText(report)];
  const charts = await reportCharts(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${kind}, ${period}</title>
<style>!${REPORT_STYLE}</style>
</head>
<body>
<header>
<p class="kind">${kind}</p>
<h1>${period}</h1>
<p class="zone">Days and times in the time zone ${report.period.time_zone}.</p>
</header>
<main>
<div class="lead">
!${summaryOf(report).map((sentence) => html`<p>${sentence}</p>`)}
</div>
!${reportBody(report, charts)}</main>
<footer>
!${noticesOf(report).map(
    (notice) => html`<p>${notice}</p>
`,
  )}</footer>
</body>
</html>
`;
}
