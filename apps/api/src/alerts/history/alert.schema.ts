import { ALERT_STATES, type AlertReport, NOTIFICATION_STATUSES, type NotificationReport } from '#alerts';
import {
  described,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
  uuid,
} from '../../http/openapi/schema.js';

const attempt = record<NotificationReport['attempts'][number]>('NotificationAttempt', {
  at: instant,
  said: described({ ...text, examples: ['HTTP 200'] }, 'What the channel said, or why it failed.'),
});

const notification = record<NotificationReport>('AlertNotification', {
  ...{ id: uuid, channel: { ...text, examples: ['ops'] }, event: oneOf(['firing', 'repeated', 'resolved']) },
  status: described(
    { ...oneOf(NOTIFICATION_STATUSES), examples: ['sent'] },
    '`waiting`: to be sent, or again. `refused`: for good. `given_up`: after eight attempts in two hours.',
  ),
  ...{ created_at: instant, attempts: listOf(attempt) },
});

/** An alert in API responses. */
export const alertSchema = record<AlertReport>('Alert', {
  id: uuid,
  rule_id: described(text, 'Id of the rule; of a built-in rule, its name.'),
  rule: described({ ...text, examples: ['Many errors'] }, 'Name of the rule.'),
  state: described(
    { ...oneOf(ALERT_STATES), examples: ['firing'] },
    '`pending`: the condition has not held for long enough. One that ends before it fires is forgotten.',
  ),
  summary: described(
    { ...text, examples: ['count of command_execution with status=error over 5m is 12 (rule: > 10)'] },
    'What was found last.',
  ),
  value: nullable({ type: 'number' }),
  started_at: described(instant, 'Since when the condition has held.'),
  ...{ fired_at: nullable(instant), resolved_at: { ...nullable(instant), examples: [null] } },
  silenced_until: { ...nullable(instant), examples: [null] },
  notifications: described(listOf(notification), 'The latest 20, the newest first.'),
});
