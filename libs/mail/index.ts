export type { Attachment, Mail, MailOutcome } from './mail.js';
export { Mailer } from './mailer.js';
