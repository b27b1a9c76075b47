import { Pool } from 'pg';
import { Environment } from '#config';
import type { Verdict } from '#health';
import { type HeldUpMails, heldUpMails } from '../reads/held-up-mails.read-model.js';
import { defineCheck } from './define-check.js';
import { reached, verdictOf } from './judge.js';

/** Seconds. Mails are given up after three days. */
const LIMITS = { warn: 3600, fail: 86_400 };

/** Pure. */
export function judgeMail({ mails, oldest_seconds }: HeldUpMails): Verdict {
  const hours = Math.floor(oldest_seconds / 3600);
  const says = `The mail server has taken no mail for ${hours} hours, and ${mails} wait: see SMTP_URL and the log of the workers.`;
  return verdictOf('No mail is held up by the mail server.', { mails, oldest_seconds }, [
    ...reached(oldest_seconds, LIMITS, says),
  ]);
}

/** Whether the mail server takes mail. Does not apply without one. */
export const mail = defineCheck({
  name: 'mail',
  inject: [Pool, Environment],
  run: async ({ clock }, pool, { SMTP_URL }) =>
    SMTP_URL === undefined ? null : judgeMail(await heldUpMails(pool, clock.now())),
});
