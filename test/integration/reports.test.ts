import pg from 'pg';
import { createPool, inTenant } from '#database';
import { ReportOutdated, ReportStore, type StoredReport } from '#reports';
import { RejectionCounts } from '../../apps/api/src/ingest/rejections/rejection-counts.js';
import { RejectionsStore } from '../../apps/api/src/ingest/rejections/rejections.store.js';
import { monthlyReports } from '../../apps/worker/src/jobs/monthly-reports.job.js';
import { weeklyReports } from '../../apps/worker/src/jobs/weekly-reports.job.js';
import { assertReport } from '../../bench/reports/assert-report.js';
import { ManualClock } from '../support/manual-clock.js';
import { Random } from '../support/random.js';
import type { PostedEvent } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST = Date.parse('2026-08-25T00:00:00Z');
const NOW = Date.parse('2026-11-03T12:00:00Z');
/** The last weeks of Berlin and New York have 168 and 169 hours, the week before Berlin's 169. */
const CALENDARS = [
  { time_zone: 'UTC' },
  { time_zone: 'Europe/Berlin', first_weekday: 1 },
  { time_zone: 'America/New_York', first_weekday: 7 },
  { time_zone: 'Asia/Kathmandu', first_weekday: 6 },
];
const EVENTS = 1500;

describe('reports', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let api: pg.Pool;
  let organizations: string[];
  const rejections: { readonly organizationId: string; readonly code: string; readonly at: number }[] = [];
  let events = 0;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
    await owner.query('SELECT ensure_event_partitions($1::date, $2::date)', ['2026-08-20', '2026-11-06']);
    organizations = [];
    for (const calendar of CALENDARS) {
      const { id } = await database.createOrganization(calendar.time_zone);
      await owner.query('UPDATE organizations SET settings = $2 WHERE id = $1', [id, calendar]);
      organizations.push(id);
      await store(id, FIRST, NOW, EVENTS);
    }
  });
  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  function event(from: number, to: number): PostedEvent {
    const timed = {
      execution_time_ms: random.integer(1, 9999),
      status: random.pick(['success', 'success', 'error', 'timeout', 'cancelled']),
    };
    const [type, payload] = random.pick<[string, PostedEvent['payload']]>([
      ['page_view', { page: '/' }],
      ['error_occurred', { error_type: 'TypeError' }],
      ['command_execution', { command_name: random.pick(['plan', 'apply', 'fmt']), ...timed }],
      [
        'agent_interaction',
        {
          agent_name: random.pick(['a', 'b']),
          interaction_type: 'chat',
          ...timed,
          input_tokens: 10,
          output_tokens: 3,
        },
      ],
      [
        'voice_metric',
        { talked_time: random.integer(0, 100), voice_sentiment: random.pick(['positive', 'neutral']) },
      ],
      ['session_start', random.chance(0.5) ? { device_type: random.pick(['phone', 'tablet']) } : {}],
      ['session_end', {}],
    ]);
    // Often near a midnight of some zone.
    const exact = random.integer(from, to - 1);
    const quarter = Math.floor(exact / (DAY_MS / 96)) * (DAY_MS / 96) - random.pick([0, 1]);
    return {
      id: `event-${events++}`,
      ...{
        type,
        payload,
        ts: new Date(random.chance(0.3) && quarter >= from ? quarter : exact).toISOString(),
      },
      ...(random.chance(0.85) ? { user_id: `user-${random.integer(0, 60)}` } : {}),
      ...(random.chance(0.6) ? { session_id: `session-${random.integer(0, 300)}` } : {}),
    };
  }

  async function store(organizationId: string, from: number, to: number, count: number): Promise<void> {
    const posted = Array.from({ length: count }, () => event(from, to));
    await worker.persist([batchOf(organizationId, countable(posted, NOW))]);
    await reject(organizationId, from, to);
  }

  /** Rejects events at random instants, as an API does. */
  async function reject(organizationId: string, from: number, to: number): Promise<void> {
    const counts = new RejectionCounts((id, counted) =>
      inTenant(api, id, (client) => new RejectionsStore(client, id).add(counted)),
    );
    for (let i = 0; i < 500; i++) {
      const at = random.integer(from, to - 1);
      const code = random.pick(['invalid_event', 'unknown_type', 'schema_violation']);
      const list = Array.from({ length: random.integer(1, 3) }, () => ({ code }));
      counts.add(organizationId, list, at);
      rejections.push(...list.map(() => ({ organizationId, code, at })));
    }
    await counts.flush();
  }

  /** Rejected events of a period, from the list of all. */
  function rejectedIn(organizationId: string, { start, end }: StoredReport['period']) {
    const own = rejections.filter(
      (one) =>
        one.organizationId === organizationId && one.at >= Date.parse(start) && one.at < Date.parse(end),
    );
    const codes = [...new Set(own.map(({ code }) => code))];
    const counts = codes.map((code) => ({ code, count: own.filter((one) => one.code === code).length }));
    return {
      rejected: own.length,
      rejections: counts.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }

  const run = (job: typeof weeklyReports, now = NOW, smtpUrl: string | undefined = undefined) =>
    job.run(
      {
        ...{ clock: new ManualClock(now), logger: console, signal: new AbortController().signal },
        ...{ slot: now, payload: undefined, transaction: () => Promise.reject(), progress: async () => {} },
      },
      worker.pool,
      { SMTP_URL: smtpUrl },
    );

  const reportsOf = (organizationId: string) =>
    inTenant(worker.pool, organizationId, async (client) => {
      const found = new ReportStore(client, organizationId);
      const reports: StoredReport[] = [];
      for (const { id } of await found.list(100, null)) reports.push((await found.find(id))!);
      return reports;
    });

  async function expectRight(organizationId: string, report: StoredReport): Promise<void> {
    await assertReport(owner, organizationId, report);
    expect(report.quality).toMatchObject(rejectedIn(organizationId, report.period));
  }

  it.each([
    ['weekly', weeklyReports],
    ['monthly', monthlyReports],
  ] as const)(
    'of the last %s period are those of the raw events, stored once, compacted or not',
    async (kind, job) => {
      expect(await run(job)).toEqual({ reports: organizations.length, mails: 0 });
      for (const id of organizations) {
        const [report] = (await reportsOf(id)).filter((one) => one.kind === kind);
        expect(report!.late_events).toBe(0);
        await expectRight(id, report!);
      }
      await worker.compact();
      expect(await run(job, NOW + HOUR_MS)).toEqual({ reports: 0, mails: 0 });
    },
  );

  it('are not stored when a person was erased since they were computed', async () => {
    const [id] = organizations;
    const [report] = await reportsOf(id!);
    await owner.query(
      `INSERT INTO erasures (organization_id, actor, user_ids, finished_at) VALUES ($1, 'key:test', '{}', now())`,
      [id],
    );
    const save = (erasures: number) =>
      inTenant(worker.pool, id!, (client) =>
        new ReportStore(client, id!).save({ ...report!, watermark: { ...report!.watermark, erasures } }),
      );
    await expect(save(0)).rejects.toThrow(ReportOutdated);
    expect((await save(1)).watermark.erasures).toBe(1);
  });

  it('of the next week come when it has ended, in each zone', async () => {
    const weekLater = NOW + 7 * DAY_MS;
    expect(await run(weeklyReports, weekLater)).toEqual({ reports: organizations.length, mails: 0 });
    for (const id of organizations) {
      const [next, last] = (await reportsOf(id)).filter(({ kind }) => kind === 'weekly');
      expect(next!.period.start).toBe(last!.period.end);
      expect(next!.previous).toEqual(last!.totals);
      await expectRight(id, next!);
    }
  });

  describe('with recipients', () => {
    const [smtpUrl, later] = ['smtp://mail.example.com', NOW + 14 * DAY_MS];
    const planned = async () => {
      const { rows } = await owner.query<{ email: string; kind: string; start: Date }>(
        `SELECT m.email, r.kind, r.period_start AS start FROM report_mails AS m
         JOIN reports AS r ON r.organization_id = m.organization_id AND r.id = m.report_id
         ORDER BY m.planned_at, m.email`,
      );
      return rows.map(({ email, kind }) => [email, kind]);
    };

    it('get none of a time without a mail server, even when there is one later', async () => {
      const recipients: readonly [string, string][] = [
        ['both@example.com', '{weekly,monthly}'],
        ['monthly@example.com', '{monthly}'],
        ['off@example.com', '{weekly,monthly}'],
      ];
      for (const [email, kinds] of recipients) {
        await owner.query(
          `INSERT INTO report_recipients (organization_id, email, kinds, created_by, unsubscribed_at)
           VALUES ($1, $2, $3, 'key:test', CASE WHEN $2 = 'off@example.com' THEN now() END)`,
          [organizations[0], email, kinds],
        );
      }
      expect(await run(weeklyReports, later)).toEqual({ reports: organizations.length, mails: 0 });
      expect(await run(weeklyReports, later + HOUR_MS, smtpUrl)).toEqual({ reports: 0, mails: 0 });
    });

    it('get the next ones, once, also when somebody has asked for one before it was due', async () => {
      const next = later + 7 * DAY_MS;
      const asked = await run(weeklyReports, next);
      expect(asked.reports).toBe(organizations.length);
      await owner.query('UPDATE reports SET mails_planned_at = NULL WHERE period_start > to_timestamp($1)', [
        (next - 14 * DAY_MS) / 1000,
      ]);
      expect(await run(weeklyReports, next + HOUR_MS, smtpUrl)).toEqual({ reports: 0, mails: 1 });
      expect(await run(weeklyReports, next + 2 * HOUR_MS, smtpUrl)).toEqual({ reports: 0, mails: 0 });
      const month = Date.parse('2026-12-02T00:00:00Z');
      expect(await run(monthlyReports, month, smtpUrl)).toEqual({ reports: organizations.length, mails: 2 });
      expect(await planned()).toEqual([
        ['both@example.com', 'weekly'],
        ['both@example.com', 'monthly'],
        ['monthly@example.com', 'monthly'],
      ]);
    });
  });
});
