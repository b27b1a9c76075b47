import { createTransport } from 'nodemailer';
import type { Mail, MailOutcome } from './mail.js';
import { outcomeOfError } from './mail-outcome.js';

const CONNECT_MS = 20_000;
const GREETING_MS = 60_000;
/** For each reply. A server may check a mail for minutes before it says that it has it; who hangs up sends it twice (RFC 5321, 4.5.3.2.6). */
const REPLY_MS = 600_000;

/** Sends mail through an SMTP server. Each mail has a connection of its own, so that no state outlives it. */
export class Mailer {
  private readonly transport;

  /**
   * @param url of the server, `smtp:` or `smtps:`
   * @param from the sender of all mails
   */
  constructor(
    url: string,
    private readonly from: string,
  ) {
    const timeouts = {
      connectionTimeout: CONNECT_MS,
      greetingTimeout: GREETING_MS,
      socketTimeout: REPLY_MS,
    };
    this.transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  }

  /** Sends one mail. Never throws: what went wrong is in the outcome. */
  async send(mail: Mail): Promise<MailOutcome> {
    try {
      await this.transport.sendMail({
        from: this.from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${mail.messageId}>`,
        attachments: (mail.attachments ?? []).map(({ name, contentType, content, id }) => ({
          filename: name,
          contentType,
          content: Buffer.from(content),
          ...(id ? { cid: id, contentDisposition: 'inline' as const } : {}),
        })),
        headers: {
          // No vacation answers it.
          'Auto-Submitted': 'auto-generated',
          ...(mail.unsubscribeUrl ? unsubscribeHeaders(mail.unsubscribeUrl) : {}),
        },
      });
      return { status: 'accepted' };
    } catch (error) {
      return outcomeOfError(error);
    }
  }
}

function unsubscribeHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
