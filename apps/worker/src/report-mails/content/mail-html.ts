import { html } from 'ghtml';
import type { MailChart } from './mail-chart.js';
import type { MailContent } from './mail-content.js';
import type { MailFigure } from './mail-figures.js';
import type { MailTable } from './mail-tables.js';

// Mail programs drop what they do not know: tables, inline styles, no web font, no script. The sheet in the head only makes it
// better where it is kept: dark, and on small screens.
const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const CELL = 'padding:6px 8px;border-bottom:1px solid #e3e6ea;font-size:14px;line-height:20px;color:#1b2430';
const HEAD = 'padding:6px 8px;border-bottom:1px solid #b9c0c9;font-size:12px;line-height:16px;color:#566170';
const NUMBER = 'text-align:right;white-space:nowrap';
const SHEET = `
  body { margin: 0 }
  @media (max-width: 620px) { .page { padding: 12px !important } .narrow { display: none !important } }
  @media (prefers-color-scheme: dark) {
    .ground { background: #14181d !important }
    .card { background: #1d232a !important }
    .ink, .ink td, .ink th { color: #e8ebef !important; border-color: #3a434d !important }
    .faint { color: #a3adb8 !important; border-color: #3a434d !important }
    .link { color: #8ab4f8 !important }
  }`;

/** The mail as HTML, 600 pixels wide or less. Pure. */
export const mailHtml = (
  content: MailContent,
  charts: readonly MailChart[],
  unsubscribeUrl: string,
): string => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${content.subject}</title>
<style>!${SHEET}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f2f4f6">
<div style="display:none;max-height:0;overflow:hidden">${content.preview}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f6">
<tr><td align="center" style="padding:16px 0">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;${FONT}">
<tr><td class="page ink" style="padding:24px;color:#1b2430">
<h1 style="margin:0;font-size:22px;line-height:28px">${content.title}</h1>
<p class="faint" style="margin:4px 0 16px;font-size:15px;line-height:20px;color:#566170">${content.period}</p>
!${unusual(content)}
!${figures(content.figures)}
!${charts.map(chart)}
!${content.tables.map(table)}
<p class="faint" style="margin:24px 0 0;font-size:12px;line-height:18px;color:#566170">!${content.notes.map((note) => html`${note} `)}</p>
<p class="faint" style="margin:12px 0 0;font-size:12px;line-height:18px;color:#566170">You get this because your address was added to the recipients of these reports. <a class="link" href="${unsubscribeUrl}" style="color:#1a56b0">Unsubscribe</a></p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

const heading = (title: string) =>
  html`<h2 style="margin:24px 0 8px;font-size:16px;line-height:22px">${title}</h2>`;

/** What is unusual comes first: it is why one reads on. */
const unusual = ({ unusual: days, preview }: MailContent) =>
  days.length === 0
    ? html`<p style="margin:0 0 16px;font-size:14px;line-height:20px">${preview}</p>`
    : html`!${heading('Unusual')}!${days.map(
        (day) => html`<p style="margin:0 0 8px;font-size:14px;line-height:20px">${day}</p>`,
      )}`;

const figures = (list: readonly MailFigure[]) => html`!${heading('Figures')}
<table class="ink" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<tr><th scope="col" align="left" style="${HEAD}">Figure</th><th scope="col" style="${HEAD};${NUMBER}">Value</th><th scope="col" class="narrow" style="${HEAD};${NUMBER}">Before</th><th scope="col" style="${HEAD};${NUMBER}">Change</th></tr>
!${list.map(
  ({ label, value, before, change }) =>
    html`<tr><td style="${CELL}">${label}</td><td style="${CELL};${NUMBER};font-weight:600">${value}</td><td class="narrow" style="${CELL};${NUMBER}">${before}</td><td style="${CELL};${NUMBER}">${change}</td></tr>`,
)}
</table>`;

const chart = ({ id, title, alternative }: MailChart) => html`!${heading(title)}
<img src="cid:${id}" width="552" alt="${alternative}" style="display:block;width:100%;max-width:552px;height:auto;border:0;font-size:14px;line-height:20px">`;

const table = ({ title, columns, rows, isWide }: MailTable) => {
  const cell = (tag: string, style: string) => (value: string, i: number) => {
    const name = isWide && i === columns.length - 1 ? 'narrow' : '';
    const align = i === 0 ? 'text-align:left;word-break:break-word' : NUMBER;
    return html`<!${tag} class="${name}" style="${style};${align}">${value}</!${tag.split(' ')[0]}>`;
  };
  return html`!${heading(title)}
<table class="ink" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<tr>!${columns.map(cell('th scope="col"', HEAD))}</tr>
!${rows.map((row) => html`<tr>!${row.map(cell('td', CELL))}</tr>`)}
</table>`;
};
