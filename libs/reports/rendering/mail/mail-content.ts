import type { Report } from '../../content/report.js';
import { kindText, periodText } from '../words/dates.js';
import { noticesOf } from '../words/notices.js';
import { plainName } from '../words/plain-name.js';
import { summaryOf } from '../words/summary.js';
import { type MailTable, mailTables } from './mail-tables.js';

/** What a mail says, before it is HTML. */
export interface MailContent {
  readonly subject: string;
  readonly title: string;
  readonly period: string;
  readonly summary: readonly string[];
  readonly unusual: readonly string[];
  readonly tables: readonly MailTable[];
  readonly notes: readonly string[];
}

/** What a mail says about a report of an organization. Pure. */
export function mailContent(report: Report, organization: string): MailContent {
  const [title, period] = [mailTitle(report, organization), periodText(report)];
  return {
    ...{ subject: `${title}: ${period}`, title, period },
    summary: summaryOf(report),
    unusual: report.unusual.map(({ text }) => text),
    tables: mailTables(report),
    notes: [`Days and times in the time zone ${report.period.time_zone}.`, ...noticesOf(report)],
  };
}

/** `Weekly report of Acme` */
export const mailTitle = (report: Report, organization: string) =>
  `${kindText(report)} of ${plainName(organization)}`;
