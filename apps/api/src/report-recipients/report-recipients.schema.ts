import { REPORT_KINDS } from '#reports';
import {
  count,
  described,
  flag,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
  uuid,
} from '../http/openapi/schema.js';
import { MAIL_STATES, type ReportMail } from './report-mails.store.js';
import type { Recipient } from './report-recipients.store.js';

const email = { type: 'string', format: 'email', examples: ['ada@example.com'] };

/** Somebody who gets reports, in API responses. */
export const recipientSchema = record<Recipient>('ReportRecipient', {
  ...{ id: uuid, email, kinds: listOf(oneOf(REPORT_KINDS)), created_at: instant },
  created_by: described(text, 'As in the audit log.'),
  unsubscribed_at: described(nullable(instant), 'When they took themselves off the list.'),
});

/** A mail of a report, in API responses. */
export const reportMailSchema = record<ReportMail>('ReportMail', {
  ...{ id: uuid, report_id: uuid, email },
  is_test: described(flag, 'Somebody asked for it, to see whether mail arrives.'),
  state: described(
    oneOf(MAIL_STATES),
    '`waiting` for its next attempt, `sending`, `sent`: the mail server has it, `refused` by the server for good, `given_up` ' +
      'after three days, `cancelled`: the recipient was off the list when it was due.',
  ),
  attempts: count,
  planned_at: instant,
  next_attempt_at: described(nullable(instant), 'Null once nothing more is tried.'),
  settled_at: described(nullable(instant), 'When it was sent, or nothing more was tried.'),
  error: described(nullable(text), 'What the server said at the last attempt.'),
  message_id: described(
    nullable(text),
    'As in the mail and in the logs of mail servers. Null before the first attempt.',
  ),
});
