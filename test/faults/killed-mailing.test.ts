import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { jest } from '@jest/globals';
import { administratorOf } from '../support/administration.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { MailServer, type MailStep } from '../support/mail-server.js';
import { Random } from '../support/random.js';
import { PLANNED_AT, REPORT, ReportMailFixture } from '../support/report-mail-fixture.js';
import { runJob } from '../support/run-job.js';
import { startApi } from '../support/running-api.js';

const PROGRAM = 'test/support/mail-process.mjs';
/** Longer than a claim. */
const LATER_MS = 31 * 60_000;
const PROCESSES = 5;
const RECIPIENTS = 50;
const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';

// Processes start one after the other on a busy machine.
jest.setTimeout(180_000);

describe('a worker that is killed while it mails', () => {
  let fixture: ReportMailFixture;
  let server: MailServer;

  beforeAll(async () => {
    fixture = await ReportMailFixture.create();
  });
  beforeEach(async () => {
    await fixture.clear();
    server = await MailServer.start();
  });
  afterEach(() => server.stop());
  afterAll(() => fixture?.end());

  const start = (now: number): ChildProcess =>
    spawn(
      process.execPath,
      [PROGRAM, JSON.stringify({ databaseUrl: fixture.database.url, smtpUrl: server.url, now })],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );

  /** Waits for something that a process does; it may fail before. */
  const unlessItFails = async (child: ChildProcess, awaited: Promise<void>) => {
    const failed = once(child, 'exit').then(([code]) => {
      if (code) throw new Error(`the process ended with ${code}`);
      return awaited;
    });
    await Promise.race([awaited, failed]);
  };

  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  /** What a killed process has told PostgreSQL is done once its sessions are gone. */
  const untilSessionsEnd = () =>
    eventually('the sessions of killed processes are gone', async () => {
      const { rowCount } = await fixture.owner.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      return rowCount === 0;
    });

  /** Another worker, after the claims of the first have ended. */
  const finish = async () => {
    server.at = () => {};
    const next = start(PLANNED_AT + LATER_MS);
    expect(await once(next, 'exit')).toEqual([0, null]);
    const states = (await fixture.rows()).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['sent']));
  };

  const expectSameIds = () => {
    const ids = new Set(server.received.map(({ to, parsed }) => `${to} ${parsed.messageId}`));
    expect(ids.size).toBe(Object.keys(server.counts()).length);
  };

  it.each<[MailStep, number]>([
    ['connected', 1],
    ['sender', 1],
    ['recipient', 1],
    ['data', 1],
    // The server has the mail, and the worker cannot know.
    ['received', 2],
  ])('at "%s" has sent it %d times in the end', async (fatal, times) => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    const first = start(PLANNED_AT);
    const dead = new Promise<void>((resolve) => {
      server.at = async (step) => {
        if (step !== fatal) return;
        await kill(first);
        resolve();
      };
    });
    await unlessItFails(first, dead);
    expect(await fixture.rows()).toMatchObject([{ state: 'sending', attempts: 1 }]);
    // Until the claim ends, nobody touches it.
    const early = start(PLANNED_AT + LATER_MS / 2);
    await once(early, 'exit');
    expect(server.received).toHaveLength(times - 1);
    await finish();
    expect(server.counts()).toEqual({ 'ada@example.com': times });
    expectSameIds();
  });

  it('between the word of the server and its note has sent it twice, with one message id', async () => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    const first = start(PLANNED_AT);
    const received = new Promise<void>((resolve) => {
      server.at = async (step) => {
        if (step !== 'received') return;
        await fixture.owner.query('BEGIN; SELECT FROM report_mails FOR UPDATE');
        resolve();
      };
    });
    await unlessItFails(first, received);
    const waiting = `SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await eventually(
      'the worker waits to note it',
      async () => (await fixture.owner.query(waiting)).rowCount === 1,
    );
    await kill(first);
    // Or PostgreSQL would carry out what it has been told.
    await fixture.owner.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS sessions`);
    await fixture.owner.query('COMMIT');
    await finish();
    expect(server.counts()).toEqual({ 'ada@example.com': 2 });
    expectSameIds();
  });

  it('after its note has sent it once', async () => {
    await fixture.addRecipients('ada@example.com');
    await fixture.plan();
    const first = start(PLANNED_AT);
    await eventually('it is noted', async () => (await fixture.rows())[0]!.state === 'sent', 60_000, 1);
    await kill(first);
    await finish();
    expect(server.counts()).toEqual({ 'ada@example.com': 1 });
  });

  it('among five leaves twice only what the server had and nobody had noted', async () => {
    const random = Random.announced('kills');
    const emails = Array.from({ length: RECIPIENTS }, (_, i) => `person-${i}@example.com`);
    await fixture.addRecipients(...emails);
    await fixture.plan();
    await untilSessionsEnd();
    const steps: MailStep[] = ['sender', 'recipient', 'data', 'received', 'closed'];
    const processes = Array.from({ length: PROCESSES }, () => start(PLANNED_AT));
    const victims = [...processes];
    const kills: Promise<void>[] = [];
    let seen = 0;
    let due = random.integer(5, 20);
    server.at = (step) => {
      if (!steps.includes(step) || victims.length === 1 || ++seen < due) return;
      due = seen + random.integer(5, 30);
      kills.push(kill(victims.shift()!));
    };
    await Promise.all(processes.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    await Promise.all(kills);
    await untilSessionsEnd();
    const before = server.counts();
    const unnoted = (await fixture.rows()).filter(({ state }) => state === 'sending');
    expect(Object.values(before).filter((times) => times !== 1)).toEqual([]);
    await finish();
    const twice = unnoted.map(({ email }) => email).filter((email) => before[email] === 1);
    process.stdout.write(
      `${kills.length} kills, ${unnoted.length} mails in between, ${twice.length} of them sent twice\n`,
    );
    expect(kills.length).toBe(PROCESSES - 1);
    expect(server.counts()).toEqual(
      Object.fromEntries(emails.map((email) => [email, twice.includes(email) ? 2 : 1])),
    );
    expectSameIds();
  });
});

describe('a mail server that says nothing', () => {
  it('holds up neither jobs nor the end of the worker', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const running = await startApi({
      workers: 0,
      settings: { ADMIN_TOKEN, SMTP_URL: `smtp://127.0.0.1:${port}` },
    });
    try {
      const values = [running.caller.organizationId, REPORT];
      await running.database.query(
        `WITH report AS (
           INSERT INTO reports (organization_id, kind, period_start, content) VALUES ($1, 'weekly', now(), $2) RETURNING id
         ), recipients AS (
           INSERT INTO report_recipients (organization_id, email, kinds, created_by)
           SELECT $1, i || '@example.com', '{weekly}', 'test' FROM generate_series(1, 20) AS i RETURNING email
         )
         INSERT INTO report_mails (organization_id, report_id, email, planned_at, next_attempt_at)
         SELECT $1, id, email, now(), now() FROM report CROSS JOIN recipients`,
        values,
      );
      const connected = once(silent, 'connection');
      const worker = await running.startWorker();
      await connected;
      await runJob(
        administratorOf(new HttpClient(running.url, ADMIN_TOKEN), ADMIN_TOKEN),
        'event-partitions',
      );
      const began = Date.now();
      expect(await worker.end('SIGTERM')).toBe(0);
      expect(Date.now() - began).toBeLessThan(15_000);
    } finally {
      await running.stop();
      silent.close();
    }
  });
});
