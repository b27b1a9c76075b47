import { type Mail, unsubscribeToken } from '#mail';
import { type MailChart, mailCharts, mailContent, mailHtml, mailText, type StoredReport } from '#reports';
import type { Addressee, MailSubject } from './mail-subject.js';

/** Makes mails of reports. */
export class MailComposer {
  /** Drawing costs most, and a report goes to several people one after the other. */
  private latest: { readonly report: string; readonly charts: Promise<readonly MailChart[]> } | undefined;

  /** @param publicUrl where people reach the API */
  constructor(private readonly publicUrl: string) {}

  /** The mail of a report to one recipient. */
  async compose(
    { organizationId, email, messageId }: Addressee,
    { report, organization }: MailSubject,
  ): Promise<Mail> {
    const content = mailContent(report, organization.name);
    const charts = await this.chartsOf(report);
    const token = unsubscribeToken(organizationId, organization.key, email);
    const unsubscribeUrl = `${this.publicUrl.replace(/\/+$/, '')}/v1/unsubscribe/${token}`;
    return {
      ...{ to: email, messageId, unsubscribeUrl, subject: content.subject },
      text: mailText(report, organization.name, unsubscribeUrl),
      html: mailHtml(content, charts, unsubscribeUrl),
      attachments: charts.map(({ id, png }) => ({
        ...{ id, name: `${id}.png`, contentType: 'image/png', content: png },
      })),
    };
  }

  private chartsOf(report: StoredReport): Promise<readonly MailChart[]> {
    const version = `${report.id} ${report.computed_at}`;
    if (this.latest?.report !== version) this.latest = { report: version, charts: mailCharts(report) };
    return this.latest.charts;
  }
}
