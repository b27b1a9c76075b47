import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { type Mail, Mailer } from '#mail';
import { freePort } from '../support/built-process.js';

const mail: Mail = {
  to: 'lead@example.com',
  subject: 'Weekly report — Überblick',
  text: 'Numbers.',
  html: '<p>Numbers.</p><img src="cid:chart" alt="Events by day">',
  messageId: 'report-1@millrace',
  attachments: [
    { name: 'chart.png', contentType: 'image/png', content: Uint8Array.of(1, 2, 3), id: 'chart' },
  ],
  unsubscribeUrl: 'https://millrace.example.com/v1/unsubscribe/token',
};

const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

describe('a mailer', () => {
  const received: ParsedMail[] = [];
  let refuse: Error | undefined;
  let server: SMTPServer;
  let url: string;

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, callback) => callback(refuse),
      onAuth: (_auth, _session, callback) => callback(refusal(535, 'wrong password')),
      onData(stream, _session, callback) {
        simpleParser(stream).then((parsed) => {
          received.push(parsed);
          callback();
        }, callback);
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('delivers text, HTML, pictures and the header that unsubscribes', async () => {
    refuse = undefined;
    expect(await new Mailer(url, 'Millrace <m@example.com>').send(mail)).toEqual({ status: 'accepted' });
    const parsed = received.at(-1)!;
    expect(parsed).toMatchObject({
      subject: mail.subject,
      text: 'Numbers.',
      messageId: '<report-1@millrace>',
    });
    expect(parsed.from?.text).toBe('"Millrace" <m@example.com>');
    expect(parsed.attachments).toMatchObject([{ cid: 'chart', contentType: 'image/png' }]);
    expect([...parsed.attachments[0]!.content]).toEqual([1, 2, 3]);
    expect(parsed.headerLines.map(({ line }) => line)).toEqual(
      expect.arrayContaining([
        `List-Unsubscribe: <${mail.unsubscribeUrl}>`,
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        'Auto-Submitted: auto-generated',
      ]),
    );
  });

  it('has no headers of a subject, and one recipient', async () => {
    refuse = undefined;
    const before = received.length;
    const subject = 'Report of A\r\nBcc: eve@example.com\r\n\r\nBody';
    await new Mailer(url, 'm@example.com').send({ ...mail, subject });
    const [parsed, ...others] = received.slice(before);
    expect(others).toEqual([]);
    expect(parsed!.headers.has('bcc')).toBe(false);
    expect(parsed!.subject).toMatch(/^Report of A Bcc: eve@example\.com +Body$/);
    expect(parsed!.text).toBe('Numbers.');
  });

  it.each([
    ['for good', refusal(550, 'no such user'), 'refused'],
    ['for now', refusal(450, 'greylisted'), 'deferred'],
  ])('tells a recipient refused %s', async (_how, error, status) => {
    refuse = error;
    const outcome = await new Mailer(url, 'm@example.com').send(mail);
    expect(outcome).toEqual({ status, faultOf: 'mail', reason: expect.stringContaining(error.message) });
  });

  it('defers mail when signing in is refused, as it would be with any mail', async () => {
    const outcome = await new Mailer(url.replace('//', '//me:wrong@'), 'm@example.com').send(mail);
    expect(outcome).toEqual({
      ...{ status: 'deferred', faultOf: 'server', reason: expect.stringContaining('wrong password') },
    });
  });

  it('defers mail when there is no server', async () => {
    const outcome = await new Mailer(`smtp://127.0.0.1:${await freePort()}`, 'm@example.com').send(mail);
    expect(outcome).toMatchObject({ status: 'deferred', faultOf: 'server' });
  });
});
