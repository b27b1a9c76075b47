import { defineLoop } from '#jobs';
import { NotificationSender } from '../alerts/sending/notification-sender.js';

/** Sends what the outbox of alerts holds, each notification on one worker. */
export const alertNotifications = defineLoop({
  name: 'alert-notifications',
  everyMs: 1000,
  // What is cut off is sent again when its lease has run out.
  graceMs: 4000,
  inject: [NotificationSender],
  run: (context, sender) => sender.send(context),
});
