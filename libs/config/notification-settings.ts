import { IsEmail, IsOptional, IsUrl } from 'class-validator';
import { RetentionSettings } from './retention-settings.js';

/** How Millrace reaches people: mail, and links in it. */
export class NotificationSettings extends RetentionSettings {
  /** Mail server, such as `smtps://user:password@smtp.example.com`. Absent: no mail is sent. */
  @IsOptional()
  @IsUrl({ protocols: ['smtp', 'smtps'], require_tld: false, require_protocol: true })
  SMTP_URL?: string;

  /** Sender of all mails, `Millrace <reports@example.com>` or an address alone. */
  @IsEmail({ allow_display_name: true, require_tld: false })
  MAIL_FROM = 'Millrace <millrace@localhost>';

  /** Where people reach the API, for links in mails. Absent: `http://localhost:PORT`. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  PUBLIC_URL?: string;
}
