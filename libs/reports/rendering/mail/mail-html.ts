import { html } from 'ghtml';
import type { MailChart } from './mail-charts.js';
import type { MailContent } from './mail-content.js';
import type { MailColumn, MailTable } from './mail-tables.js';
import { WHY } from './why.js';

// Mail programs drop what they do not know: tables, inline styles, no web font, no script. The sheet in the head only makes it
// better where it is kept: dark, and on small screens.
const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const CELL = 'padding:6px 8px;border-bottom:1px solid #e3e6ea;font-size:14px;line-height:20px;color:#1b2430';
const HEAD = 'padding:6px 8px;border-bottom:1px solid #b9c0c9;font-size:12px;line-height:16px;color:#566170';
const NUMBER = 'text-align:right;white-space:nowrap';
const TEXT = 'text-align:left;word-break:break-word';
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
<div style="display:none;max-height:0;overflow:hidden">${content.summary[0]!}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f6">
<tr><td align="center" style="padding:16px 0">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;${FONT}">
<tr><td class="page ink" style="padding:24px;color:#1b2430">
<h1 style="margin:0;font-size:22px;line-height:28px">${content.title}</h1>
<p class="faint" style="margin:4px 0 16px;font-size:15px;line-height:20px;color:#566170">${content.period}</p>
!${content.summary.map(paragraph)}
!${content.unusual.length === 0 ? '' : html`!${heading('Unusual')}!${content.unusual.map(paragraph)}`}
!${charts.map(chart)}
!${content.tables.map(table)}
<p class="faint" style="margin:24px 0 0;font-size:12px;line-height:18px;color:#566170">!${content.notes.map((note) => html`${note} `)}</p>
<p class="faint" style="margin:12px 0 0;font-size:12px;line-height:18px;color:#566170">${WHY} <a class="link" href="${unsubscribeUrl}" style="color:#1a56b0">Unsubscribe</a></p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

const heading = (title: string) =>
  html`<h2 style="margin:24px 0 8px;font-size:16px;line-height:22px">${title}</h2>`;

const paragraph = (text: string) =>
  html`<p style="margin:0 0 8px;font-size:14px;line-height:20px">${text}</p>`;

const chart = ({ id, title, legend, alternative }: MailChart) => html`!${heading(title)}!${
  legend === ''
    ? ''
    : html`<p class="faint" style="margin:0 0 4px;font-size:12px;line-height:16px;color:#566170">${legend}</p>`
}
<img src="cid:${id}" width="552" alt="${alternative}" style="display:block;width:100%;max-width:552px;height:auto;border:0;font-size:14px;line-height:20px">`;

const table = ({ title, columns, rows }: MailTable) => html`!${heading(title)}
<table class="ink" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
<tr>!${columns.map((column) => html`<th scope="col"!${looksOf(column, HEAD)}>${column.title}</th>`)}</tr>
!${rows.map((row) => html`<tr>!${row.map((text, i) => html`<td!${looksOf(columns[i]!, CELL)}>${text}</td>`)}</tr>`)}
</table>`;

const looksOf = ({ isNumeric, isWideOnly }: MailColumn, style: string) =>
  html`!${isWideOnly ? ' class="narrow"' : ''} style="${style};${isNumeric ? NUMBER : TEXT}"`;
