import { chartVariables } from '../charts/chart-colors.js';

const LIGHT = `
  color-scheme: light;
  --page: #ffffff; --card: #f5f7fa; --text: #1b222c; --quiet: #4f5968; --line: #d5dae1;
  --mark: #c2620a; --mark-back: #fdf3e7; ${chartVariables('light')}`;

const DARK = `
  color-scheme: dark;
  --page: #14181e; --card: #1d232b; --text: #e4e9f0; --quiet: #a5afbd; --line: #333b46;
  --mark: #f0a04b; --mark-back: #2b2317; ${chartVariables('dark')}`;

/** The style of a report: light and dark, for screens of any width and for paper. */
export const REPORT_STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
:root {${DARK}
}
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
header p, footer { color: var(--quiet); }
.kind { margin: 0; font-weight: 600; letter-spacing: .02em; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; line-height: 1.3; }
.zone { margin: .25rem 0 1.5rem; }
.lead { max-width: 44rem; font-size: 1.0625rem; }
.lead p { margin: 0 0 .5rem; }
.unusual { margin: 1.5rem 0; padding: .75rem 1rem; border-left: 4px solid var(--mark); background: var(--mark-back); }
.unusual h2 { margin: 0 0 .25rem; font-size: 1rem; }
.unusual ul { margin: 0; padding-left: 1.25rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.tile { padding: .75rem 1rem; border-radius: .5rem; background: var(--card); }
.tile dt { font-size: .875rem; color: var(--quiet); }
.tile dd { margin: 0; }
.tile .value { font-size: 1.375rem; font-weight: 600; line-height: 1.3; }
.tile span { white-space: nowrap; }
.tile .change { font-size: .875rem; color: var(--quiet); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; margin-top: 2rem; }
figure { margin: 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
figcaption { font-weight: 600; }
figcaption small { display: block; font-size: .8125rem; font-weight: 400; color: var(--quiet); }
figure svg { display: block; width: 100%; height: auto; margin-top: .5rem; overflow: visible; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 0 2rem; }
.tables > * { min-width: 0; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
th, td { padding: .375rem 1.25rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: .8125rem; font-weight: 600; color: var(--quiet); vertical-align: bottom; }
tbody th { min-width: 11rem; max-width: 22rem; font-weight: 400; overflow-wrap: anywhere; }
td bdi { display: inline-block; min-width: 6rem; max-width: 16rem; overflow-wrap: anywhere; }
.time bdi { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead .number { white-space: normal; }
.note { color: var(--quiet); font-size: .9375rem; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
footer p { margin: 0 0 .25rem; }
@media (max-width: 30rem) {
  th, td { padding-right: .75rem; }
  tbody th { min-width: 6.5rem; }
}
@page { margin: 14mm; }
@media print {
  html { font-size: 10pt; }
  body { max-width: none; padding: 0 1px; }
  .lead { max-width: none; font-size: 1rem; }
  .tiles { grid-template-columns: repeat(6, 1fr); gap: .5rem; }
  .tile { padding: .5rem .625rem; }
  .tile .value { font-size: 1.25rem; }
  .tile dt, .tile .change { font-size: .8rem; }
  .charts { grid-template-columns: 1fr 1fr; margin-top: 1.25rem; }
  .tables { grid-template-columns: 1.8fr 1fr 1fr; }
  tbody th { min-width: 7rem; }
  .scroll { overflow: visible; }
  h2 { margin-top: 1.75rem; break-after: avoid; }
  th, td { padding-block: .2rem; }
  thead { display: table-header-group; }
  tr, figure, .tile, .unusual, .whole { break-inside: avoid; }
  .tile, .unusual { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
