import { Type } from 'class-transformer';
import { IsEmail, IsInt, IsOptional, IsUrl, Max, Min, Validate } from 'class-validator';
import { Subnets, ToList } from './environment-decorators.js';
import { RetentionSettings } from './retention-settings.js';

/** How Millrace reaches people: mail, links in it, and alerts. */
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

  /** Seconds from one evaluation of the alert rules to the next. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3600)
  ALERT_INTERVAL = 60;

  /** Addresses and subnets that alerts may be posted to although they are not public, such as `10.1.0.0/16`. */
  @ToList()
  @Validate(Subnets)
  WEBHOOK_ALLOWED_ADDRESSES: string[] = [];
}
