export type { Attachment, Mail, MailOutcome } from './mail.js';
export { Mailer } from './mailer.js';
export {
  isTokenOf,
  readUnsubscribeToken,
  type UnsubscribeToken,
  unsubscribeToken,
} from './unsubscribe-token.js';
