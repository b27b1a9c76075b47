import type { Report } from '../../content/report.js';
import { reportText } from '../text/report-text.js';
import { mailTitle } from './mail-content.js';
import { WHY } from './why.js';

/** The mail for programs that show no HTML. Pure. */
export const mailText = (report: Report, organization: string, unsubscribeUrl: string): string =>
  `${mailTitle(report, organization)}\n\n${reportText(report)}\n${WHY}\nUnsubscribe: ${unsubscribeUrl}\n`;
