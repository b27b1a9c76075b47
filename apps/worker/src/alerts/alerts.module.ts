import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { AddressGuard, GuardedPost } from '#alerts';
import { Environment } from '#config';
import { Mailer } from '#mail';
import { AlertEvaluator } from './evaluation/alert-evaluator.js';
import { NotificationSender } from './sending/notification-sender.js';
import { NotificationsStore } from './sending/notifications.store.js';

/** What the job `alerts` and the loop `alert-notifications` need. */
@Module({
  providers: [
    {
      provide: AlertEvaluator,
      inject: [Pool, Environment],
      useFactory: (pool: Pool, { ALERT_INTERVAL }: Environment) => new AlertEvaluator(pool, ALERT_INTERVAL),
    },
    {
      provide: NotificationSender,
      inject: [Pool, Environment],
      useFactory: (pool: Pool, { SMTP_URL, MAIL_FROM, WEBHOOK_ALLOWED_ADDRESSES }: Environment) =>
        new NotificationSender(new NotificationsStore(pool), {
          post: new GuardedPost(new AddressGuard(WEBHOOK_ALLOWED_ADDRESSES)),
          mailer: SMTP_URL === undefined ? null : new Mailer(SMTP_URL, MAIL_FROM),
        }),
    },
  ],
  exports: [AlertEvaluator, NotificationSender],
})
export class AlertsModule {}
