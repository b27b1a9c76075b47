import { Logger } from '@nestjs/common';
import { type ConnectionOptions, type Job } from 'bullmq';
import pg from 'pg';
import { loadEnvironment } from '#config';
import { ROLES } from '#database';
import { declareRequest, defineJob, enqueueRequest, type JobDefinition } from '#jobs';
import { chooseQueueBackend, queueConnection } from '#queue';
import { JobReplica } from '../support/job-replica.js';
import { ManualClock } from '../support/manual-clock.js';
import { ownRedisDatabase } from '../support/redis-database.js';
import { TestDatabase } from '../support/test-database.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const BEGINNING = Date.parse('2026-11-24T00:00:30Z');

/** A job whose effect is a row. */
const effectJob = (name: string, schedule: string, more: { catchUp?: number; fails?: () => boolean } = {}) =>
  defineJob({
    name,
    schedule,
    ...(more.catchUp === undefined ? {} : { catchUp: more.catchUp }),
    options: { attempts: 1 },
    run: ({ slot, transaction }) =>
      transaction(async (client) => {
        await client.query('INSERT INTO effects VALUES ($1, $2)', [name, new Date(slot!)]);
        if (more.fails?.()) throw new Error('the job is broken');
        return { effects: 1 };
      }),
  });

const isoOf = (instant: number) => `${new Date(instant).toISOString().slice(0, 19)}Z`;
const idOf = (name: string, instant: number) => `${name}-${isoOf(instant).replace(/[-:]/g, '')}`;

describe.each(['redis', 'postgres'] as const)('scheduled jobs, on %s', (backend) => {
  let database: TestDatabase;
  let owner: pg.Client;
  let connection: ConnectionOptions;
  let clock: ManualClock;
  let replicas: JobReplica[];

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      `CREATE TABLE effects (job text, slot timestamptz); GRANT ALL ON effects TO ${ROLES.worker}`,
    );
    const redis = backend === 'redis' ? { REDIS_URL: await ownRedisDatabase() } : {};
    const environment = loadEnvironment({ DATABASE_URL: database.url, ...redis });
    chooseQueueBackend(environment);
    connection = queueConnection(environment, 'worker', ROLES.worker);
    clock = new ManualClock(BEGINNING);
    replicas = [];
  });

  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    chooseQueueBackend({ REDIS_URL: 'redis://localhost' });
    await owner?.end();
    await database?.drop();
  });

  function start(jobs: readonly JobDefinition[], beforeAcknowledgement?: (job: Job) => Promise<void>) {
    const replica = new JobReplica({
      databaseUrl: database.url,
      connection,
      clock,
      jobs,
      ...(beforeAcknowledgement ? { beforeAcknowledgement } : {}),
    });
    replicas.push(replica);
    return replica;
  }

  /** All replicas tick at the same moment, as in production. */
  const tick = () => Promise.all(replicas.map((replica) => replica.tick()));

  const slotsOf = async (table: 'effects' | 'job_runs', job: string) => {
    const { rows } = await owner.query<{ slot: Date }>(
      `SELECT slot FROM ${table} WHERE job = $1 ORDER BY slot`,
      [job],
    );
    return rows.map(({ slot }) => isoOf(slot.getTime()));
  };

  it('have one effect per slot, although all replicas tick and one dies before it acknowledges', async () => {
    const job = effectJob('every-minute', '* * * * *');
    const slots = Array.from({ length: 6 }, (_, i) => BEGINNING + 30_000 + i * MINUTE_MS);
    const fatal = idOf(job.name, slots[2]!);
    let died: (replica: JobReplica) => void;
    const death = new Promise<JobReplica>((resolve) => {
      died = resolve;
    });
    let isDead = false;
    for (let i = 0; i < 3; i++) {
      const replica: JobReplica = start([job], async ({ id }) => {
        if (id !== fatal || isDead) return;
        isDead = true;
        died(replica);
        await new Promise(() => {});
      });
    }
    await tick();
    for (const _ of slots) {
      await clock.advance(MINUTE_MS);
      await tick();
    }
    const dead = await death;
    expect(await slotsOf('effects', job.name)).toContain(isoOf(slots[2]!));
    await dead.kill();
    replicas = replicas.filter((replica) => replica !== dead);
    await replicas[0]!.settled(
      'completed',
      slots.map((slot) => idOf(job.name, slot)),
    );
    expect(await slotsOf('effects', job.name)).toEqual(slots.map(isoOf));
    expect(await slotsOf('job_runs', job.name)).toEqual(slots.map(isoOf));
    const repeated = await replicas[0]!.queue.getJob(fatal);
    expect([repeated!.attemptsStarted, repeated!.returnvalue]).toEqual([2, { effects: 1 }]);
  });

  it('catch up on as many missed slots as their catchUp allows', async () => {
    const jobs = [0, 1, 3].map((catchUp) =>
      effectJob(`catch-${['none', 'one', '', 'three'][catchUp]}`, '0 * * * *', { catchUp }),
    );
    const hours = (...list: number[]) => list.map((hour) => BEGINNING - 30_000 + hour * HOUR_MS);
    const runUntil = async (ms: number, ids: string[]) => {
      replicas = [start(jobs), start(jobs)];
      await tick();
      await clock.advance(ms);
      await tick();
      await replicas[0]!.settled('completed', ids);
      await Promise.all(replicas.map((replica) => replica.stop()));
      replicas = [];
    };
    await runUntil(
      HOUR_MS,
      jobs.map(({ name }) => idOf(name, hours(1)[0]!)),
    );
    // Down until half past twelve; the slot at one o'clock is an ordinary one.
    await clock.advance(11.5 * HOUR_MS);
    const expected = [hours(13), hours(12, 13), hours(10, 11, 12, 13)];
    await runUntil(
      HOUR_MS / 2,
      jobs.flatMap(({ name }, i) => expected[i]!.map((slot) => idOf(name, slot))),
    );
    for (const [i, { name }] of jobs.entries()) {
      expect([name, await slotsOf('effects', name)]).toEqual([
        name,
        [...hours(1), ...expected[i]!].map(isoOf),
      ]);
    }
  });

  it('retry a failed slot after a worker restarts', async () => {
    let isBroken = false;
    const job = effectJob('at-times-broken', '0 * * * *', { fails: () => isBroken });
    const slots = [1, 2].map((hour) => BEGINNING - 30_000 + hour * HOUR_MS);
    const [first, second] = slots.map((slot) => idOf(job.name, slot)) as [string, string];
    const before = start([job]);
    await tick();
    for (const [id, event] of [
      [first, 'completed'],
      [second, 'failed'],
    ] as const) {
      isBroken = event === 'failed';
      await clock.advance(HOUR_MS);
      await tick();
      await before.settled(event, [id]);
    }
    expect(await slotsOf('effects', job.name)).toEqual([isoOf(slots[0]!)]);
    isBroken = false;
    replicas = [start([job]), start([job])];
    await tick();
    await before.settled('completed', [second]);
    expect(await slotsOf('effects', job.name)).toEqual(slots.map(isoOf));
    await before.stop();
  });

  it('have one effect when a slot is run twice at the same time', async () => {
    const job = effectJob('at-once', '0 * * * *');
    const { runner } = start([job]);
    const input = { slot: BEGINNING, payload: undefined };
    const runs = [1, 2, 3].map(() => runner.run(job.name, input, async () => {}));
    expect(await Promise.all(runs)).toEqual([{ effects: 1 }, { effects: 1 }, { effects: 1 }]);
    expect(await slotsOf('effects', job.name)).toEqual([isoOf(BEGINNING)]);
  });

  it('cannot commit twice in the run of one slot', async () => {
    const job = defineJob({
      name: 'twice',
      schedule: '0 * * * *',
      run: async ({ transaction }) => {
        await transaction(async () => ({ first: 1 }));
        return transaction(async () => ({ second: 1 }));
      },
    });
    const { runner } = start([job]);
    const run = () => runner.run(job.name, { slot: BEGINNING, payload: undefined }, async () => {});
    await expect(run()).rejects.toThrow('the job twice began a second transaction');
    expect(await run()).toEqual({ first: 1 });
  });

  it('are recorded even without a transaction, and run on request with its payload', async () => {
    const runs: unknown[] = [];
    const plain = defineJob({
      name: 'plain',
      schedule: '0 * * * *',
      run: async ({ slot }) => {
        runs.push(slot);
        return {};
      },
    });
    const request = declareRequest<{ readonly greeting: string }>(`greet-on-${backend}`);
    const greet = defineJob({
      request,
      run: async ({ slot, payload }) => {
        runs.push([slot, payload.greeting]);
        return {};
      },
    });
    const replica = start([plain, greet]);
    for (let i = 0; i < 2; i++) {
      await replica.runner.run(plain.name, { slot: BEGINNING, payload: undefined }, async () => {});
    }
    expect(await slotsOf('job_runs', plain.name)).toEqual([isoOf(BEGINNING)]);
    for (let i = 0; i < 2; i++) await enqueueRequest(replica.queue, request, '1', { greeting: 'hello' });
    await replica.settled('completed', [`${request.name}-1`]);
    expect(runs).toEqual([BEGINNING, [null, 'hello']]);
  });
});
