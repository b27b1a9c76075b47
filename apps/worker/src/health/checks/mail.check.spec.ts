import { judgeMail } from './mail.check.js';

it.each([
  [0, 0, 'ok'],
  [3, 3599, 'ok'],
  [3, 3600, 'warn'],
  [3, 86_399, 'warn'],
  [1, 86_400, 'fail'],
])('judgeMail with %d mails held up for %d s is %s', (mails, oldest_seconds, status) => {
  expect(judgeMail({ mails, oldest_seconds }).status).toBe(status);
});
