import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Environment } from '#config';
import { Mailer } from '#mail';
import { MailComposer } from './mail-composer.js';
import { ReportMails } from './report-mails.js';

/** Sends reports by mail; without `SMTP_URL` it sends nothing. */
@Module({
  providers: [
    {
      provide: ReportMails,
      inject: [Pool, Environment],
      useFactory: (pool: Pool, { SMTP_URL, MAIL_FROM, PUBLIC_URL, PORT }: Environment) => {
        const mailer = SMTP_URL === undefined ? null : new Mailer(SMTP_URL, MAIL_FROM);
        const composer = new MailComposer(PUBLIC_URL ?? `http://localhost:${PORT}`);
        return new ReportMails(pool, mailer, composer, domainOf(MAIL_FROM));
      },
    },
  ],
})
export class ReportMailsModule {}

/** `example.com` of `Millrace <reports@example.com>`. */
const domainOf = (from: string) => from.replace(/^.*@|>?$/g, '');
