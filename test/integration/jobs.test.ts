import { Logger } from '@nestjs/common';
import { declareRequest, defineJob, enqueueRequest, every } from '#jobs';
import type { JobReplica } from '../support/job-replica.js';
import { BEGINNING, effectJob, idOf, isoOf, ScheduledJobs } from '../support/scheduled-jobs.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

class Settings {
  readonly seconds = 7;
}

describe.each(['redis', 'postgres'] as const)('scheduled jobs, on %s', (backend) => {
  let scheduled: ScheduledJobs;

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(async () => {
    scheduled = await ScheduledJobs.create(backend);
  });

  afterEach(() => scheduled?.end());

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
      const replica: JobReplica = scheduled.start([job], async ({ id }) => {
        if (id !== fatal || isDead) return;
        isDead = true;
        died(replica);
        await new Promise(() => {});
      });
    }
    await scheduled.tick();
    for (const _ of slots) {
      await scheduled.clock.advance(MINUTE_MS);
      await scheduled.tick();
    }
    const dead = await death;
    expect(await scheduled.slotsOf('effects', job.name)).toContain(isoOf(slots[2]!));
    await dead.kill();
    scheduled.replicas = scheduled.replicas.filter((replica) => replica !== dead);
    await scheduled.replicas[0]!.settled(
      'completed',
      slots.map((slot) => idOf(job.name, slot)),
    );
    expect(await scheduled.slotsOf('effects', job.name)).toEqual(slots.map(isoOf));
    expect(await scheduled.slotsOf('job_runs', job.name)).toEqual(slots.map(isoOf));
    const repeated = await scheduled.replicas[0]!.queue.getJob(fatal);
    expect([repeated!.attemptsStarted, repeated!.returnvalue]).toEqual([2, { effects: 1 }]);
  });

  it('catch up on as many missed slots as their catchUp allows', async () => {
    const jobs = [0, 1, 3].map((catchUp) =>
      effectJob(`catch-${['none', 'one', '', 'three'][catchUp]}`, '0 * * * *', { catchUp }),
    );
    const hours = (...list: number[]) => list.map((hour) => BEGINNING - 30_000 + hour * HOUR_MS);
    const runUntil = async (ms: number, ids: string[]) => {
      scheduled.replicas = [scheduled.start(jobs), scheduled.start(jobs)];
      await scheduled.tick();
      await scheduled.clock.advance(ms);
      await scheduled.tick();
      await scheduled.replicas[0]!.settled('completed', ids);
      await scheduled.stopReplicas();
    };
    await runUntil(
      HOUR_MS,
      jobs.map(({ name }) => idOf(name, hours(1)[0]!)),
    );
    // Down until half past twelve; the slot at one o'clock is an ordinary one.
    await scheduled.clock.advance(11.5 * HOUR_MS);
    const expected = [hours(13), hours(12, 13), hours(10, 11, 12, 13)];
    await runUntil(
      HOUR_MS / 2,
      jobs.flatMap(({ name }, i) => expected[i]!.map((slot) => idOf(name, slot))),
    );
    for (const [i, { name }] of jobs.entries()) {
      expect([name, await scheduled.slotsOf('effects', name)]).toEqual([
        name,
        [...hours(1), ...expected[i]!].map(isoOf),
      ]);
    }
  });

  it('run once each week at six, local time, over changes of the clock', async () => {
    const weeks: readonly [timeZone: string, name: string, changes: string, slots: readonly string[]][] = [
      ['America/New_York', 'new-york', '2026-11-01', ['2026-10-26T10:00:00Z', '2026-11-02T11:00:00Z']],
      ['Europe/Berlin', 'berlin', '2026-10-25', ['2026-10-19T04:00:00Z', '2026-10-26T05:00:00Z']],
      ['Europe/Berlin', 'berlin-in-spring', '2027-03-28', ['2027-03-22T05:00:00Z', '2027-03-29T04:00:00Z']],
    ];
    for (const [timeZone, name, changes, slots] of weeks) {
      const beginning = Date.parse(changes) - 7 * DAY_MS;
      await scheduled.clock.advance(beginning - scheduled.clock.now());
      const job = effectJob(name, '0 6 * * 1', { timeZone });
      scheduled.start([job]);
      scheduled.start([job]);
      await scheduled.tick();
      for (let hour = 0; hour < 9 * 24; hour++) {
        await scheduled.clock.advance(HOUR_MS);
        await scheduled.tick();
      }
      await scheduled.replicas[0]!.settled(
        'completed',
        slots.map((slot) => idOf(name, Date.parse(slot))),
      );
      expect(await scheduled.slotsOf('effects', name)).toEqual(slots);
      await scheduled.stopReplicas();
    }
  });

  it('catch up on days once after 26 hours, and on three weeks as the job says', async () => {
    const [daily, lastWeek, allWeeks] = [
      effectJob('daily', '0 0 * * *'),
      effectJob('last-week', '0 6 * * 1'),
      effectJob('all-weeks', '0 6 * * 1', { catchUp: 3 }),
    ];
    const run = async () => {
      scheduled.start([daily!, lastWeek!, allWeeks!]);
      scheduled.start([daily!, lastWeek!, allWeeks!]);
      await scheduled.tick();
    };
    const midnight = (day: number) => BEGINNING - 30_000 + day * DAY_MS;
    await run();
    await scheduled.stopReplicas();
    await scheduled.clock.advance(26 * HOUR_MS);
    await run();
    await scheduled.replicas[0]!.settled('completed', [idOf('daily', midnight(1))]);
    expect(await scheduled.slotsOf('effects', 'daily')).toEqual([isoOf(midnight(1))]);
    await scheduled.stopReplicas();
    await scheduled.clock.advance(21 * DAY_MS);
    await run();
    const mondays = ['2026-11-30T06:00:00Z', '2026-12-07T06:00:00Z', '2026-12-14T06:00:00Z'];
    await scheduled.replicas[0]!.settled('completed', [
      ...mondays.map((slot) => idOf('all-weeks', Date.parse(slot))),
      idOf('last-week', Date.parse(mondays[2]!)),
      idOf('daily', midnight(22)),
    ]);
    expect(await scheduled.slotsOf('effects', 'all-weeks')).toEqual(mondays);
    expect(await scheduled.slotsOf('effects', 'last-week')).toEqual([mondays[2]]);
    expect(await scheduled.slotsOf('effects', 'daily')).toEqual([1, 22].map((day) => isoOf(midnight(day))));
  });

  it('have one effect per slot of an interval that a setting says', async () => {
    const job = defineJob({
      name: 'often',
      schedule: every(Settings, ({ seconds }) => seconds),
      run: async ({ slot, transaction }) =>
        transaction(async (client) => {
          await client.query('INSERT INTO effects VALUES ($1, $2)', ['often', new Date(slot!)]);
          return { effects: 1 };
        }),
    });
    scheduled.start([job], undefined, () => new Settings());
    scheduled.start([job], undefined, () => new Settings());
    await scheduled.tick();
    // The slots are multiples of 7 s since the epoch, whenever the replicas started.
    const first = Math.ceil((BEGINNING + 1) / 7000) * 7000;
    const slots = [0, 1, 2, 3].map((i) => first + i * 7000);
    for (let second = 0; second < 30; second++) {
      await scheduled.clock.advance(1000);
      await scheduled.tick();
    }
    await scheduled.replicas[0]!.settled(
      'completed',
      slots.map((slot) => idOf(job.name, slot)),
    );
    expect(await scheduled.slotsOf('effects', job.name)).toEqual(slots.map(isoOf));
    expect(await scheduled.slotsOf('job_runs', job.name)).toEqual(slots.map(isoOf));
  });

  it('retry a failed slot after a worker restarts', async () => {
    let isBroken = false;
    const job = effectJob('at-times-broken', '0 * * * *', { fails: () => isBroken });
    const slots = [1, 2].map((hour) => BEGINNING - 30_000 + hour * HOUR_MS);
    const [first, second] = slots.map((slot) => idOf(job.name, slot)) as [string, string];
    const before = scheduled.start([job]);
    await scheduled.tick();
    for (const [id, event] of [
      [first, 'completed'],
      [second, 'failed'],
    ] as const) {
      isBroken = event === 'failed';
      await scheduled.clock.advance(HOUR_MS);
      await scheduled.tick();
      await before.settled(event, [id]);
    }
    expect(await scheduled.slotsOf('effects', job.name)).toEqual([isoOf(slots[0]!)]);
    isBroken = false;
    scheduled.replicas = [scheduled.start([job]), scheduled.start([job])];
    await scheduled.tick();
    await before.settled('completed', [second]);
    expect(await scheduled.slotsOf('effects', job.name)).toEqual(slots.map(isoOf));
    await before.stop();
  });

  it('have one effect when a slot is run twice at the same time', async () => {
    const job = effectJob('at-once', '0 * * * *');
    const { runner } = scheduled.start([job]);
    const input = { slot: BEGINNING, payload: undefined };
    const runs = [1, 2, 3].map(() => runner.run(job.name, input));
    expect(await Promise.all(runs)).toEqual([{ effects: 1 }, { effects: 1 }, { effects: 1 }]);
    expect(await scheduled.slotsOf('effects', job.name)).toEqual([isoOf(BEGINNING)]);
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
    const { runner } = scheduled.start([job]);
    const run = () => runner.run(job.name, { slot: BEGINNING, payload: undefined });
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
    const replica = scheduled.start([plain, greet]);
    for (let i = 0; i < 2; i++) {
      await replica.runner.run(plain.name, { slot: BEGINNING, payload: undefined });
    }
    expect(await scheduled.slotsOf('job_runs', plain.name)).toEqual([isoOf(BEGINNING)]);
    for (let i = 0; i < 2; i++) await enqueueRequest(replica.queue, request, '1', { greeting: 'hello' });
    await replica.settled('completed', [`${request.name}-1`]);
    expect(runs).toEqual([BEGINNING, [null, 'hello']]);
  });
});
