import { createHmac } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { AddressGuard, GuardedPost } from '#alerts';
import { Mailer } from '#mail';
import { AlertsFixture, MINUTE_MS } from '../support/alerts-fixture.js';
import { WebReceiver } from '../support/web-receiver.js';

/** Holds from the first view on, and is told of every minute. */
const ANY_VIEW = {
  ...{ kind: 'threshold', type: 'page_view', measure: null, stat: 'count', where: {} },
  ...{ window: '1m', comparison: '>', threshold: 0 },
};
const HOUR_MS = 60 * MINUTE_MS;

describe('notifications', () => {
  let fixture: AlertsFixture;
  let receiver: WebReceiver;
  let organizationId: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    fixture = await AlertsFixture.create();
  });
  afterAll(() => fixture?.end());

  beforeEach(async () => {
    await fixture.owner.query(`UPDATE alert_rules SET enabled = false; DELETE FROM alert_notifications`);
    organizationId = await fixture.organization();
    receiver = await WebReceiver.start();
  });
  afterEach(() => receiver.stop());

  /** An alert fires through a channel. */
  const fire = async (kind: string, target: string, rule = 'views') => {
    await fixture.channel(organizationId, 'ops', kind, target);
    await fixture.rule(organizationId, rule, ANY_VIEW, { repeatSeconds: 60 });
    await fixture.clock.advance(MINUTE_MS);
    await fixture.views(organizationId, [1]);
    await fixture.evaluate();
  };
  const last = async () => (await fixture.notifications(organizationId)).at(-1)!;

  it('post JSON to a webhook, signed', async () => {
    await fire('webhook', `${receiver.url}/hook?token=x`);
    await fixture.send();
    const [{ path, headers, body } = {} as never] = receiver.requests;
    expect(path).toBe('/hook?token=x');
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['millrace-signature']))!;
    expect(Number(t)).toBe(Math.floor(fixture.clock.now() / 1000));
    expect(v1).toBe(createHmac('sha256', 'secret').update(`${t}.${body}`).digest('hex'));
    const at = new Date(fixture.clock.now()).toISOString();
    const [alert] = await fixture.alerts(organizationId);
    expect(JSON.parse(body)).toEqual({
      ...{ id: expect.any(String), event: 'firing', organization_id: organizationId, alert_id: alert!.id },
      ...{ rule: 'views', summary: 'count of page_view over 1m is 1 (rule: > 0)', value: 1 },
      ...{ started_at: at, fired_at: at, resolved_at: null },
    });
    expect(await last()).toMatchObject({ status: 'sent', attempts: 1, said: ['HTTP 200'] });
    await fixture.send();
    expect(receiver.requests).toHaveLength(1);
  });

  it('post text and blocks to Slack, escaped', async () => {
    await fire('slack', receiver.url, 'a < b & <@here>');
    await fixture.send();
    expect(receiver.bodies).toEqual([
      {
        text: 'Firing: a &lt; b &amp; &lt;@here&gt;',
        blocks: [
          {
            type: 'section',
            text: {
              type: 'mrkdwn',
              text: expect.stringMatching(
                /^\*Firing: a &lt; b &amp; &lt;@here&gt;\*\ncount of page_view over 1m is 1 \(rule: &gt; 0\)\nFiring since /,
              ),
            },
          },
        ],
      },
    ]);
    expect(receiver.requests[0]!.headers).not.toHaveProperty('millrace-signature');
  });

  it('go by mail, if there is a mail server', async () => {
    const received: ParsedMail[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, callback) {
        simpleParser(stream).then((parsed) => {
          received.push(parsed);
          callback();
        }, callback);
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    try {
      const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
      await fire('mail', 'ops@example.com', '<b>views</b>');
      await fixture.send({ mailer: new Mailer(url, 'm@example.com') });
      expect(await last()).toMatchObject({ status: 'sent', said: ['the mail server has it'] });
      expect(received[0]).toMatchObject({
        subject: 'Firing: <b>views</b>',
        to: { text: 'ops@example.com' },
        text: expect.stringMatching(/^count of page_view over 1m is 1 \(rule: > 0\)\nFiring since /),
        html: expect.stringContaining('<h1>Firing: &#60;b&#62;views&#60;/b&#62;</h1>'),
      });
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    await fixture.minute();
    await fixture.send();
    expect(await last()).toMatchObject({ status: 'refused', said: ['no mail is sent: SMTP_URL is not set'] });
  });

  it('are tried again after growing pauses, and given up after two hours', async () => {
    receiver.answer = () => ({ status: 503 });
    await fire('webhook', receiver.url);
    await fixture.send();
    const begun = fixture.clock.now();
    while ((await last()).status === 'waiting') {
      expect(fixture.clock.now() - begun).toBeLessThan(3 * HOUR_MS);
      await fixture.clock.advance(10_000);
      await fixture.send();
    }
    expect(await last()).toMatchObject({ status: 'given_up', attempts: 8, said: Array(8).fill('HTTP 503') });
    expect(receiver.requests).toHaveLength(8);
    // A repeated message is the same for its receiver.
    expect(new Set(receiver.bodies.map(({ id }) => id)).size).toBe(1);
  });

  it('reach a receiver that comes back, in order', async () => {
    receiver.answer = () => ({ status: 500 });
    await fire('webhook', receiver.url);
    await fixture.send();
    await fixture.minute();
    expect((await fixture.notifications(organizationId)).map(({ event }) => event)).toEqual([
      'firing',
      'resolved',
    ]);
    receiver.answer = () => ({ status: 200 });
    await fixture.send();
    expect(receiver.bodies.map(({ event }) => event)).toEqual(['firing', 'firing', 'resolved']);
    expect((await fixture.notifications(organizationId)).map(({ status }) => status)).toEqual([
      'sent',
      'sent',
    ]);
  });

  it.each([400, 404, 410])('are not tried again after a %i', async (status) => {
    receiver.answer = () => ({ status });
    await fire('webhook', receiver.url);
    await fixture.send();
    expect(await last()).toMatchObject({ status: 'refused', said: [`HTTP ${status}`] });
  });

  it.each([
    'http://127.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:10.0.0.1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://localhost/',
    'https://[::1]:8443/',
  ])('to %s are refused, and the history says so', async (target) => {
    await fire('webhook', target);
    await fixture.send({ post: new GuardedPost(new AddressGuard()) });
    const said = expect.stringMatching(/^the address [0-9a-f:.]+(, of localhost,)? is not public/);
    expect(await last()).toMatchObject({ status: 'refused', attempts: 1, said: [said] });
  });

  it('to a name that resolves to a private address at the second look-up are refused then', async () => {
    receiver.answer = () => ({ status: 503 });
    const answers: LookupAddress[][] = [
      [{ address: '127.0.0.1', family: 4 }],
      [
        { address: '127.0.0.1', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    ];
    let looks = 0;
    const post = new GuardedPost(new AddressGuard(['127.0.0.1']), (_name, _options, callback) =>
      callback(null, answers[looks++]!),
    );
    await fire('webhook', receiver.url.replace('127.0.0.1', 'rebinding.example.com'));
    await fixture.send({ post });
    // The connection went where the checked look-up said, without another one.
    expect([looks, receiver.requests.length]).toEqual([1, 1]);
    await fixture.clock.advance(10_000);
    await fixture.send({ post });
    expect(receiver.requests).toHaveLength(1);
    expect(await last()).toMatchObject({
      status: 'refused',
      said: [
        'HTTP 503',
        expect.stringMatching(/^the address 10\.0\.0\.1, of rebinding\.example\.com, is not public/),
      ],
    });
  });

  it.each([301, 302, 303, 307, 308])('do not follow a redirect (%i)', async (status) => {
    const inner = await WebReceiver.start();
    try {
      receiver.answer = () => ({ status, headers: { location: `${inner.url}/` } });
      await fire('webhook', receiver.url);
      await fixture.send();
      expect(inner.requests).toEqual([]);
      expect(await last()).toMatchObject({
        status: 'refused',
        said: [`HTTP ${status}: redirects are not followed`],
      });
    } finally {
      await inner.stop();
    }
  });

  it('do not read an endless answer, and do not wait for one that never comes', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
      const write = () => {
        while (socket.writable && socket.write('x'.repeat(64 * 1024)));
      };
      socket.on('drain', write);
      write();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const silent = createServer((socket) => void socket.on('error', () => {}));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const guard = new AddressGuard(['127.0.0.1']);
    const urlOf = (one: typeof server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}/`;
    try {
      const endless = await new GuardedPost(guard).send({ url: urlOf(server), body: '{}' });
      expect(endless).toEqual({ status: 'sent', said: 'HTTP 200' });
      const never = await new GuardedPost(guard, undefined, 50).send({ url: urlOf(silent), body: '{}' });
      expect(never).toEqual({ status: 'deferred', said: 'no answer within 0.05 s' });
    } finally {
      server.close();
      silent.close();
    }
  });

  it('are sent once, however many workers send', async () => {
    await fixture.clock.advance(MINUTE_MS);
    for (let i = 0; i < 20; i++) {
      const other = await fixture.organization();
      await fixture.channel(other, 'ops', 'webhook', receiver.url);
      await fixture.rule(other, `views-${i}`, ANY_VIEW);
      await fixture.views(other, [1]);
    }
    await fixture.evaluate();
    await Promise.all(Array.from({ length: 5 }, () => fixture.send()));
    const ids = receiver.bodies.map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });

  it('of an organization with slow receivers hold up no other', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = await WebReceiver.start();
    slow.answer = () => held.then(() => ({ status: 200 }));
    try {
      await fixture.channel(organizationId, 'slow', 'webhook', slow.url);
      for (let i = 0; i < 60; i++) await fixture.rule(organizationId, `slow-${i}`, ANY_VIEW);
      const other = await fixture.organization();
      await fixture.channel(other, 'ops', 'webhook', receiver.url);
      await fixture.rule(other, 'views', ANY_VIEW);
      await fixture.clock.advance(MINUTE_MS);
      for (const id of [organizationId, other]) await fixture.views(id, [1]);
      await fixture.evaluate();
      receiver.answer = () => {
        release();
        return { status: 200 };
      };
      await fixture.send();
      expect(slow.requests.length).toBe(60);
      expect(await fixture.notifications(other)).toMatchObject([{ status: 'sent' }]);
    } finally {
      await slow.stop();
    }
  });

  it('of a worker that dies before it has noted them are sent again, by another, once the lease ends', async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    receiver.answer = () => {
      arrived();
      return new Promise(() => {});
    };
    await fire('webhook', receiver.url);
    const dying = fixture.send().catch(() => {});
    await arrival;
    // It has the notification, and says nothing more.
    receiver.answer = () => ({ status: 200 });
    await fixture.send();
    expect(receiver.requests).toHaveLength(1);
    await fixture.clock.advance(3 * MINUTE_MS);
    await fixture.send();
    expect(receiver.bodies.map(({ id }) => id)).toEqual(Array(2).fill(receiver.bodies[0]!.id));
    expect(await last()).toMatchObject({ status: 'sent', attempts: 2 });
    await receiver.stop();
    await dying;
    // What the first worker says in the end changes nothing.
    expect(await last()).toMatchObject({ status: 'sent', attempts: 2, said: ['HTTP 200'] });
    receiver = await WebReceiver.start();
  });
});
