import { type Mail, unsubscribeToken } from '#mail';
import type { StoredReport } from '#reports';
import type { MailChart } from './mail-chart.js';
import { mailContent } from './mail-content.js';
import { mailHtml } from './mail-html.js';
import type { Addressee, MailSubject } from './mail-subject.js';
import { mailText } from './mail-text.js';

/** Draws the charts of a report. */
export type DrawCharts = (report: StoredReport) => readonly MailChart[];

/** Makes mails of reports. */
export class MailComposer {
  /** Drawing costs most, and a report goes to several people one after the other. */
  private latest: { readonly report: string; readonly charts: readonly MailChart[] } | undefined;

  /** @param publicUrl where people reach the API */
  constructor(
    private readonly publicUrl: string,
    private readonly draw: DrawCharts,
  ) {}

  /** The mail of a report to one recipient. */
  compose({ organizationId, email, messageId }: Addressee, { report, organization }: MailSubject): Mail {
    const content = mailContent(report, organization.name);
    const charts = this.chartsOf(report);
    const token = unsubscribeToken(organizationId, organization.key, email);
    const unsubscribeUrl = `${this.publicUrl.replace(/\/+$/, '')}/v1/unsubscribe/${token}`;
    return {
      ...{ to: email, messageId, unsubscribeUrl, subject: content.subject },
      text: mailText(content, unsubscribeUrl),
      html: mailHtml(content, charts, unsubscribeUrl),
      attachments: charts.map(({ id, png }) => ({
        ...{ id, name: `${id}.png`, contentType: 'image/png', content: png },
      })),
    };
  }

  private chartsOf(report: StoredReport): readonly MailChart[] {
    const version = `${report.id} ${report.computed_at}`;
    if (this.latest?.report !== version) this.latest = { report: version, charts: this.draw(report) };
    return this.latest.charts;
  }
}
