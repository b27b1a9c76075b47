import { isEmail } from 'class-validator';
import { html } from 'ghtml';
import { linesOf, titleOf } from '../message/alert-message.js';
import type { ChannelKind } from './channel-kind.js';

/** Mails the message to one address. */
export const mail: ChannelKind = {
  name: 'mail',
  target: 'address that gets a mail',
  signs: false,
  faultIn: (target) => (isEmail(target) ? null : 'must be an address such as ada@example.com'),
  shown: (target) => target,
  async send({ id, message, target }, { mailer }) {
    if (!mailer) return { status: 'refused', said: 'no mail is sent: SMTP_URL is not set' };
    const [title, lines] = [titleOf(message), linesOf(message)];
    const outcome = await mailer.send({
      to: target,
      subject: title,
      text: lines.join('\n'),
      html: html`<h1>${title}</h1>!${lines.map((line) => html`<p>${line}</p>`).join('')}`,
      messageId: `${id}@millrace`,
    });
    if (outcome.status === 'accepted') return { status: 'sent', said: 'the mail server has it' };
    return { status: outcome.status, said: outcome.reason };
  },
};
