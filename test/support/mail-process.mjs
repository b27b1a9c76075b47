// The part of a worker that sends mails, in a process of its own: one round, with a clock that began elsewhere. Settings come in JSON.
const { databaseUrl, smtpUrl, now } = JSON.parse(process.argv[2]);
const from = (path) => import(new URL(`../../dist/${path}`, import.meta.url));
const { createPool } = await from('libs/database/index.js');
const { Mailer } = await from('libs/mail/index.js');
const { MailComposer } = await from('apps/worker/src/report-mails/mail-composer.js');
const { ReportMails } = await from('apps/worker/src/report-mails/report-mails.js');

const pool = createPool({ databaseUrl, role: 'worker', size: 6 });
const composer = new MailComposer('https://millrace.example.com');
const mails = new ReportMails(pool, new Mailer(smtpUrl, 'm@example.com'), composer, 'example.com');
const began = Date.now();
await mails.send({
  clock: { now: () => now + Date.now() - began },
  logger: console,
  signal: new AbortController().signal,
});
await pool.end();
