import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { CheckedVerdict } from '#health';
import { defineJob, enqueueSlot, slotJobId, withIntervals } from '#jobs';
import { canary, canaryCheck } from '../../apps/worker/src/health/checks/canary.check.js';
import * as list from '../../apps/worker/src/health/checks/checks.js';
import { DATABASE_LIMITS, databaseCheck } from '../../apps/worker/src/health/checks/database.check.js';
import { eventually } from '../support/eventually.js';
import { HealthFixture } from '../support/health-fixture.js';
import { expectNoDifference } from '../support/judge.js';
import { ownRedisDatabase } from '../support/redis-database.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const HOUR_MS = 3_600_000;
const CHECKS = Object.values(list);
/** The last full hour that should be done: a slot has two minutes. */
const slot = Math.floor((Date.now() - 180_000) / HOUR_MS) * HOUR_MS;

const [hourly] = withIntervals(
  [defineJob({ name: 'hourly', schedule: '0 * * * *', options: { attempts: 1 }, run: async () => ({}) })],
  () => undefined,
);

const statuses = (checks: readonly CheckedVerdict[]) =>
  Object.fromEntries(checks.map(({ name, status }) => [name, status]));
const summary = (checks: readonly CheckedVerdict[], name: string) =>
  checks.find((check) => check.name === name)!.summary;

describe.each(['redis', 'postgres'] as const)('checks of health, with the queue in %s', (backend) => {
  let fixture: HealthFixture;
  let well: CheckedVerdict[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const redisUrl = backend === 'redis' ? await ownRedisDatabase() : undefined;
    fixture = await HealthFixture.create({ ...(redisUrl ? { redisUrl } : {}), jobs: [hourly!] });
    fixture.consume();
    await fixture.report('worker');
    await fixture.report('api');
    await ran(slot);
    well = await fixture.run(CHECKS);
  });
  afterAll(() => fixture?.end());

  const ran = (instant: number) =>
    fixture.owner.query(`INSERT INTO job_runs (job, slot) VALUES ('hourly', $1)`, [new Date(instant)]);

  /** Runs all checks and expects exactly one to differ from the healthy run. */
  async function expectOnly(name: string, status: string, says: RegExp): Promise<CheckedVerdict[]> {
    const found = await fixture.run(CHECKS, well);
    expect([statuses(found), summary(found, name)]).toEqual([
      { ...statuses(well), [name]: status },
      expect.stringMatching(says),
    ]);
    return found;
  }

  it('find nothing where nothing is wrong', () => {
    const names = CHECKS.map(({ name }) => name).filter((name) => backend === 'redis' || name !== 'redis');
    expect([statuses(well), well]).toEqual([Object.fromEntries(names.map((name) => [name, 'ok'])), well]);
  });

  it('see a long transaction', async () => {
    const limits = { ...DATABASE_LIMITS, transaction: { warn: 0.3, fail: 1000 } };
    const client = await fixture.owner.connect();
    try {
      await client.query('BEGIN');
      const [found] = await eventually('it is open for long', async () => {
        const checks = await fixture.run([databaseCheck(limits)]);
        return checks[0]!.status === 'warn' && checks;
      });
      expect(found!.summary).toContain('A transaction has been open for');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(statuses(await fixture.run([databaseCheck(limits)]))).toEqual({ database: 'ok' });
  });

  it("see that tomorrow's partition is missing", async () => {
    const day = new Date(Date.now() + 24 * HOUR_MS).toISOString().slice(0, 10).replaceAll('-', '');
    await fixture.owner.query(`ALTER TABLE event_rows DETACH PARTITION event_rows_${day}`);
    await expectOnly('partitions', 'warn', /^Tomorrow's partition of event_rows is missing/);
    const [from, to] = [1, 2].map((ahead) =>
      new Date(Date.now() + ahead * 24 * HOUR_MS).toISOString().slice(0, 10),
    );
    await fixture.owner.query(
      `ALTER TABLE event_rows ATTACH PARTITION event_rows_${day} FOR VALUES FROM ('${from}Z') TO ('${to}Z')`,
    );
  });

  it('see a slot that was missed, one that failed, and one that waits', async () => {
    await fixture.owner.query(`UPDATE job_runs SET slot = slot - interval '1 hour' WHERE job = 'hourly'`);
    const jobs = fixture.queue('jobs');
    await expectOnly('jobs', 'fail', /^The job hourly has not done its slot of .*: it was missed\./);
    await fixture.owner.query(
      `INSERT INTO jobs (job, schedule, catch_up, registered_at, seen_at, paused_at)
       VALUES ('hourly', '{}', 1, now(), now(), now())`,
    );
    await expectOnly('jobs', 'warn', /^The job hourly is paused/);
    await fixture.owner.query('DELETE FROM jobs');
    await enqueueSlot(jobs, hourly!, slot);
    await expectOnly('jobs', 'warn', /: it waits for a place/);
    const failing = fixture.failing('jobs');
    await eventually('it has failed', async () => (await jobs.getFailedCount()) === 1);
    await failing.close();
    const found = await fixture.run(CHECKS, well);
    expect([statuses(found), summary(found, 'jobs')]).toEqual([
      // The queue tells that a job has failed, once.
      { ...statuses(well), jobs: 'fail', queues: 'warn' },
      expect.stringMatching(/: it failed\. See the workers' log/),
    ]);
    expect(statuses(await fixture.run(CHECKS, found))).toEqual({ ...statuses(well), jobs: 'fail' });
    await jobs.remove(slotJobId('hourly', slot));
    await ran(slot);
    expect(statuses(await fixture.run(CHECKS, well))).toEqual(statuses(well));
  });

  it('see dead letters that become more, in the table and in the queue', async () => {
    const { id } = await fixture.database.createOrganization('Poisoned');
    await fixture.owner.query(
      `INSERT INTO dead_letters (organization_id, batch_id, received_at, code, reason, event)
       VALUES ($1, $2, now(), '22P02', 'bad', '{}')`,
      [id, randomUUID()],
    );
    const more = await expectOnly('dead-letters', 'warn', /^1 events have become dead letters/);
    expect(statuses(await fixture.run(CHECKS, more))).toEqual(statuses(well));
    await fixture.owner.query('DELETE FROM dead_letters');
    const letters = fixture.queue('deadLetters');
    await letters.add(letters.name, { batches: [], reason: 'broken', failedAt: 0 });
    await expectOnly('dead-letters', 'warn', /^1 jobs have become dead letters/);
    await letters.drain();
  });

  it('see that no worker reports, and that one has fallen silent', async () => {
    await fixture.owner.query(
      `UPDATE replicas SET reported_at = now() - interval '20 s' WHERE kind = 'worker'`,
    );
    await expectOnly(
      'workers',
      'fail',
      /^No worker reports.* worker: ended without a word, or silent for 2\d s/,
    );
    await fixture.owner.query(`UPDATE replicas SET reported_at = now() WHERE kind = 'worker'`);
  });

  it('see a clock that is ahead', async () => {
    await fixture.report('worker', { aheadMs: 90_000 });
    await expectOnly('clock', 'fail', /0 ms behind and 90000 ms ahead/);
    await fixture.owner.query('DELETE FROM replicas WHERE clock_ahead_ms > 0');
  });

  it('see a batch that does not balance', async () => {
    const { id } = await fixture.database.createOrganization('Unbalanced');
    await fixture.owner.query(`
      ALTER TABLE ledger DROP CONSTRAINT ledger_check;
      INSERT INTO ledger (organization_id, received_at, batch_id, received, stored, duplicate, dead_lettered, actor, origin)
      VALUES ('${id}', now(), gen_random_uuid(), 3, 1, 1, 0, 'test', 'test')`);
    await expectOnly('ledger', 'fail', /^1 batches of the last hour do not balance/);
    await fixture.owner.query(`DELETE FROM ledger WHERE organization_id = '${id}'`);
  });

  it('see a queue that is paused, and one whose jobs wait too long', async () => {
    const exports = fixture.queue('exports');
    await exports.pause();
    await expectOnly('queues', 'fail', /^The queue exports is paused/);
    await exports.resume();
    await exports.add('export', {}, { timestamp: Date.now() - HOUR_MS });
    const found = await expectOnly(
      'queues',
      'warn',
      /^The oldest of 1 jobs in the queue exports has waited for 60 min/,
    );
    const [stuck] = await fixture.run([list.queues], found);
    expect([stuck!.status, stuck!.summary]).toEqual([
      'fail',
      expect.stringContaining('No job of the queue exports'),
    ]);
    await exports.drain();
  });

  it('see a canary arrive, and leave every check of the numbers at peace', async () => {
    const [verdict] = await fixture.run([canary]);
    const { enqueued_ms, stored_ms, counted_ms } = verdict!.figures as Record<string, number>;
    expect(verdict!.status).toBe('ok');
    expect(enqueued_ms! <= stored_ms! && stored_ms! <= counted_ms!).toBe(true);
    await expectNoDifference(fixture.database.url);
  });

  it.each([
    ['is not counted', 'rollup_deltas', 'RETURN NULL', /^An event is stored but not counted after 0.3 s/],
    ['is refused', 'event_rows', `RAISE EXCEPTION USING ERRCODE = '22000'`, /^PostgreSQL refused an event/],
  ])('see a canary that %s', async (_what, table, act, says) => {
    await fixture.owner.query(`
      CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${act}; END $$;
      CREATE TRIGGER harm BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION harm()`);
    try {
      // Refused events are searched for, which takes a while.
      const [verdict] = await fixture.run([canaryCheck(table === 'event_rows' ? 10_000 : 300)]);
      expect([verdict!.status, verdict!.summary]).toEqual(['fail', expect.stringMatching(says)]);
    } finally {
      await fixture.owner.query('DROP FUNCTION harm CASCADE');
    }
  });

  it('see at which step a canary is, and take it back', async () => {
    const ingest = fixture.queue('ingest');
    await ingest.pause();
    const [verdict] = await fixture.run([canaryCheck(300)]);
    expect([verdict!.status, verdict!.summary]).toEqual([
      'fail',
      'An event is enqueued but not stored after 0.3 s: it waits in the queue ingest. See whether workers run and take jobs.',
    ]);
    expect(await ingest.getJobCountByTypes('waiting', 'paused' as 'waiting', 'delayed', 'active')).toBe(0);
    await ingest.resume();
  });
});

describe('a Redis that does not answer', () => {
  it('fails its checks and the canary, and holds up no other', async () => {
    const proxy = await TcpProxy.to(await ownRedisDatabase());
    const fixture = await HealthFixture.create({ redisUrl: proxy.url });
    try {
      fixture.consume();
      const run = () => fixture.run([{ ...list.redis, timeoutMs: 300 }, canaryCheck(300), list.database]);
      await eventually('all is well', async () => (await run()).every(({ status }) => status === 'ok'));
      proxy.stall();
      const found = await run();
      expect(statuses(found)).toEqual({ redis: 'fail', canary: 'fail', database: 'ok' });
      expect(summary(found, 'redis')).toMatch(/^The check has not answered within 0.3 s/);
      expect(summary(found, 'canary')).toMatch(/^The queue has not taken an event within 0.3 s/);
      proxy.mend();
      await eventually('all is well again', async () => (await run()).every(({ status }) => status === 'ok'));
    } finally {
      proxy.mend();
      await fixture.end();
      proxy.close();
    }
  });
});

describe('a Redis that may lose events', () => {
  it('is reported by its settings, and nothing else is', async () => {
    const redisUrl = await ownRedisDatabase();
    const fixture = await HealthFixture.create({ redisUrl });
    const redis = new Redis(redisUrl);
    try {
      const settings = { appendonly: 'no', appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' };
      const run = async () => (await fixture.run([list.redis]))[0]!;
      expect(await run()).toMatchObject({ status: 'ok' });
      for (const [name, bad] of Object.entries(settings)) {
        const [, good] = (await redis.config('GET', name)) as [string, string];
        await redis.config('SET', name, bad);
        const { status, summary } = await run();
        await redis.config('SET', name, good);
        expect([name, status]).toEqual([name, name === 'appendfsync' ? 'warn' : 'fail']);
        expect(summary).toContain(`Redis has ${name} ${bad}`);
      }
      await redis.config('SET', 'maxmemory', String(1024 ** 2));
      const full = await run();
      await redis.config('SET', 'maxmemory', '0');
      expect([full.status, full.summary]).toEqual([
        'fail',
        expect.stringMatching(/^Redis uses \d+ of 1048576 bytes/),
      ]);
    } finally {
      await redis.quit();
      await fixture.end();
    }
  });
});
