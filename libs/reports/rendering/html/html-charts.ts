import { html } from 'ghtml';
import { withVariables } from '../charts/chart-colors.js';
import type { ReportChart } from '../charts/report-chart.js';

/** Charts as parts of a page, whose style has the variables of their colours. */
export const htmlCharts = (charts: readonly ReportChart[]): string =>
  charts.length === 0
    ? ''
    : html`<div class="charts">
!${charts.map(figureOf)}</div>
`;

const figureOf = ({ title, legend, alternative, svg }: ReportChart) => html`<figure>
<figcaption>${title}!${legend === '' ? '' : html`<small>${legend}</small>`}</figcaption>
!${withVariables(svg).replace('<svg ', () => html`<svg role="img" aria-label="${alternative}" `)}
</figure>
`;
