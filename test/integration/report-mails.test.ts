import { readUnsubscribeToken } from '#mail';
import { heldUpMails } from '../../apps/worker/src/health/reads/held-up-mails.read-model.js';
import { MailServer, smtpError } from '../support/mail-server.js';
import { REPORT, ReportMailFixture } from '../support/report-mail-fixture.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('reports by mail', () => {
  let fixture: ReportMailFixture;
  let server: MailServer;

  beforeAll(async () => {
    fixture = await ReportMailFixture.create();
  });
  beforeEach(async () => {
    server = await MailServer.start();
    await fixture.clear();
  });
  afterEach(() => server.stop());
  afterAll(() => fixture?.end());

  const send = () => fixture.mails(server.url).send(fixture.context());
  const states = async () => (await fixture.rows()).map(({ email, state }) => [email, state]);
  const next = async () => {
    const { rows } = await fixture.owner.query<{ at: Date | null }>(
      'SELECT min(next_attempt_at) AS at FROM report_mails',
    );
    return rows[0]!.at?.getTime() ?? null;
  };
  /** Sends, and moves the clock to the next attempt, until there is none. Returns the pauses in minutes. */
  const sendToTheEnd = async () => {
    const pauses: number[] = [];
    for (;;) {
      await send();
      const at = await next();
      if (at === null) return pauses;
      pauses.push((at - fixture.clock.now()) / MINUTE_MS);
      await fixture.clock.advance(at - fixture.clock.now());
    }
  };

  it('reach each recipient once, with the report and a link that unsubscribes', async () => {
    await fixture.addRecipients('Ada@Example.com', 'bob@example.com');
    expect(await fixture.plan()).toBe(2);
    await send();
    await send();
    expect(server.counts()).toEqual({ 'Ada@example.com': 1, 'bob@example.com': 1 });
    expect(fixture.logged).toEqual(['2 sent']);
    const rows = await fixture.rows();
    const [ada, bob] = server.received.map(({ parsed }) => parsed).sort((a, b) => (a.to! < b.to! ? -1 : 1));
    expect(new Set(server.received.map(({ parsed }) => parsed.messageId))).toEqual(
      new Set(rows.map(({ message_id }) => `<${message_id}>`)),
    );
    expect(rows[0]!.message_id).toBe(`${rows[0]!.id}@example.com`);
    for (const parsed of [ada!, bob!]) {
      expect(parsed.subject).toBe('Weekly report of Acme & Söhne: November 16 – 22, 2026');
      const { line } = parsed.headerLines.find(({ key }) => key === 'list-unsubscribe')!;
      const [, token] =
        /^List-Unsubscribe:\s<https:\/\/millrace\.example\.com\/v1\/unsubscribe\/([\w-]+)>$/.exec(
          line.replace('\r\n', ''),
        )!;
      expect(readUnsubscribeToken(token!)!.organizationId).toBe(fixture.organizationId);
      for (const body of [parsed.text, parsed.html as string]) {
        expect(body).toContain(token);
        expect(body).toContain(REPORT.totals.events.toLocaleString('en'));
      }
      expect(parsed.attachments.map(({ cid }) => cid)).toEqual([
        'days-events',
        'days-active-users',
        'commands',
        'event-types',
      ]);
    }
  });

  it('go out once for each report, whatever becomes of it later', async () => {
    await fixture.addRecipients('ada@example.com');
    expect([await fixture.plan(), await fixture.plan()]).toEqual([1, 0]);
    await fixture.addRecipients('late@example.com');
    expect(await fixture.plan({ ...REPORT, late_events: 3 })).toBe(0);
    const repeated = fixture.owner.query(
      `INSERT INTO report_mails (organization_id, report_id, email, planned_at, next_attempt_at)
       SELECT organization_id, report_id, 'ADA@example.com', planned_at, planned_at FROM report_mails`,
    );
    await expect(repeated).rejects.toMatchObject({ code: '23505' });
    await sendToTheEnd();
    expect(server.counts()).toEqual({ 'ada@example.com': 1 });
    const week = { start: '2026-11-23T00:00:00.000Z', end: '2026-11-30T00:00:00.000Z', time_zone: 'UTC' };
    expect(await fixture.plan({ ...REPORT, period: week })).toBe(2);
  });

  it('are written down once when five workers store a report at once', async () => {
    await fixture.addRecipients('ada@example.com', 'bob@example.com');
    const planned = await Promise.all(Array.from({ length: 5 }, () => fixture.plan()));
    expect(planned.sort()).toEqual([0, 0, 0, 0, 2]);
    expect(await fixture.rows()).toHaveLength(2);
  });

  it('reach nobody twice when five workers send at once', async () => {
    const emails = Array.from({ length: 50 }, (_, i) => `person-${i}@example.com`);
    await fixture.addRecipients(...emails);
    await fixture.plan();
    const workers = Array.from({ length: 5 }, () => fixture.mails(server.url));
    await Promise.all(workers.map((worker) => worker.send(fixture.context())));
    expect(server.counts()).toEqual(Object.fromEntries(emails.map((email) => [email, 1])));
    expect(new Set((await fixture.rows()).map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });

  it('are not tried again when the server refuses them for good, and do not hold up others', async () => {
    await fixture.addRecipients('ada@example.com', 'gone@example.com');
    await fixture.plan();
    server.at = (step, address) => {
      if (step === 'recipient' && address === 'gone@example.com') throw smtpError(550, 'no such\u0000user');
    };
    expect(await sendToTheEnd()).toEqual([]);
    expect(await fixture.rows()).toMatchObject([
      { state: 'sent', attempts: 1, error: null },
      { state: 'refused', attempts: 1, error: expect.stringContaining('550 no such user') },
    ]);
    await fixture.clock.advance(10 * DAY_MS);
    await send();
    expect(server.counts()).toEqual({ 'ada@example.com': 1 });
  });

  it('are tried later, and sent once, when the server wants to see them again', async () => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    let times = 0;
    server.at = (step) => {
      if (step === 'recipient' && times++ < 2) throw smtpError(450, 'greylisted');
    };
    expect(await sendToTheEnd()).toEqual([5, 10]);
    expect(server.counts()).toEqual({ 'ada@example.com': 1 });
    expect(await fixture.rows()).toMatchObject([{ state: 'sent', attempts: 3, error: null }]);
  });

  it('are given up after three days of growing pauses', async () => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    server.at = (step) => {
      if (step === 'recipient') throw smtpError(452, 'mailbox full');
    };
    const began = fixture.clock.now();
    const pauses = await sendToTheEnd();
    expect(pauses.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 240, 240]);
    expect(fixture.clock.now() - began).toBeLessThan(3 * DAY_MS);
    expect(fixture.clock.now() - began).toBeGreaterThan(3 * DAY_MS - 4 * HOUR_MS - 1);
    expect(await fixture.rows()).toMatchObject([
      { state: 'given_up', error: expect.stringContaining('mailbox full') },
    ]);
  });

  it('wait while there is no server, without a word about it to the organization', async () => {
    await fixture.addRecipients('ada@example.com', 'bob@example.com');
    await fixture.plan();
    const { url } = server;
    await server.stop();
    await fixture.mails(url).send(fixture.context());
    expect(await fixture.rows()).toMatchObject(
      Array(2).fill({ state: 'waiting', error: 'The mail server does not take any mail at the moment.' }),
    );
    expect(fixture.logged).toEqual([expect.stringContaining('ECONNREFUSED'), '2 waiting']);
    const later = fixture.clock.now() + HOUR_MS;
    expect(await heldUpMails(fixture.pool(), later)).toEqual({ mails: 2, oldest_seconds: 3600 });
  });

  it('are no flood after a week without workers', async () => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    await fixture.clock.advance(7 * DAY_MS);
    await send();
    expect(await states()).toEqual([['ada@example.com', 'given_up']]);
    expect(server.received).toEqual([]);
  });

  it('are not sent to who unsubscribed or was removed meanwhile', async () => {
    await fixture.addRecipients('ada@example.com', 'bob@example.com', 'eve@example.com');
    await fixture.plan();
    await fixture.owner.query(
      `UPDATE report_recipients SET unsubscribed_at = now() WHERE email = 'ada@example.com';
       DELETE FROM report_recipients WHERE email = 'bob@example.com'`,
    );
    await send();
    expect(server.counts()).toEqual({ 'eve@example.com': 1 });
    expect(await states()).toEqual([
      ['ada@example.com', 'cancelled'],
      ['bob@example.com', 'cancelled'],
      ['eve@example.com', 'sent'],
    ]);
  });

  it('go on while the server is slow with one of them', async () => {
    await fixture.addRecipients('ada@example.com', 'bob@example.com', 'slow@example.com');
    await fixture.plan();
    let others: () => void;
    const othersDone = new Promise<void>((resolve) => {
      others = resolve;
    });
    server.at = async (step, address) => {
      if (step === 'recipient' && address === 'slow@example.com') await othersDone;
      if (step === 'received' && server.received.length === 2) others();
    };
    await send();
    expect(server.received.map(({ to }) => to).at(-1)).toBe('slow@example.com');
  });
});
