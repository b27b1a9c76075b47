import { defineLoop } from '#jobs';
import { ReportMails } from '../report-mails/report-mails.js';

/** Sends reports by mail. A loop of its own: a mail server that does not answer holds up nothing else. */
export const reportMails = defineLoop({
  name: 'report-mails',
  everyMs: 5000,
  // A mail that takes longer is sent again when its claim has ended.
  graceMs: 5000,
  inject: [ReportMails],
  run: (context, mails) => mails.send(context),
});
