import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { createPool } from '#database';
import { JobAdministration, UnknownSlot } from '#job-administration';
import type { JobDefinition } from '#jobs';
import type { JobReplica } from '../support/job-replica.js';
import { BEGINNING, effectJob, idOf, isoOf, ScheduledJobs } from '../support/scheduled-jobs.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = BEGINNING - MINUTE_MS / 2;

const OPERATOR = { subject: 'operator', clientAddress: '192.0.2.1' };

describe.each(['redis', 'postgres'] as const)('operators of jobs, on %s', (backend) => {
  let scheduled: ScheduledJobs;
  let pool: pg.Pool;
  let administration: JobAdministration;

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(async () => {
    scheduled = await ScheduledJobs.create(backend);
    pool = createPool({ databaseUrl: scheduled.database.url, role: 'api', size: 2 });
    administration = new JobAdministration(pool, scheduled.clock);
  });

  afterEach(async () => {
    await pool?.end();
    await scheduled?.end();
  });

  /** Two workers that have ticked once. */
  async function startTwo(...jobs: JobDefinition[]): Promise<JobReplica> {
    scheduled.start(jobs);
    scheduled.start(jobs);
    await scheduled.tick();
    return scheduled.replicas[0]!;
  }

  const pass = async (ms: number) => {
    await scheduled.clock.advance(ms);
    await scheduled.tick();
  };

  it('see the last and the next run of each job', async () => {
    const [hourly, monday] = [effectJob('hourly', '0 * * * *'), effectJob('monday', '0 6 * * 1')];
    const replica = await startTwo(hourly, monday);
    const next = { hourly: new Date(MIDNIGHT + HOUR_MS), monday: new Date('2026-11-30T06:00:00Z') };
    expect(await administration.list()).toEqual([
      { name: 'hourly', schedule: '0 * * * *', ...base(), next_run: next.hourly },
      { name: 'monday', schedule: '0 6 * * 1', ...base(), next_run: next.monday },
    ]);
    await pass(HOUR_MS);
    await replica.settled('completed', [idOf('hourly', MIDNIGHT + HOUR_MS)]);
    const [seen] = await administration.list();
    expect(seen).toMatchObject({
      last_run: {
        ...{
          slot: next.hourly,
          requested: false,
          started_at: new Date(scheduled.clock.now()),
          duration_ms: 0,
        },
        ...{ counts: { effects: 1 }, error: null },
      },
      next_run: new Date(MIDNIGHT + 2 * HOUR_MS),
    });
    expect(await administration.find('nothing')).toBeNull();
  });

  const base = () => ({ time_zone: 'UTC', catch_up: 1, paused: false, last_run: null });

  it('see all jobs in one query', async () => {
    await startTwo(...['a', 'b', 'c'].map((name) => effectJob(name, '0 * * * *')));
    let queries = 0;
    pool.on('acquire', () => queries++);
    expect(await administration.list()).toHaveLength(3);
    expect(queries).toBe(1);
  });

  it('run a job now, which says nothing about its slots', async () => {
    const job = effectJob('hourly', '0 * * * *');
    const replica = await startTwo(job);
    await scheduled.clock.advance(90_500);
    const asked = new Date(BEGINNING + 90_000);
    expect(await administration.run(OPERATOR, 'hourly')).toEqual({
      status: 'queued',
      name: 'hourly',
      slot: asked,
    });
    await scheduled.tick();
    await replica.settled('completed', [idOf('hourly', asked.getTime())]);
    expect(await administration.find('hourly')).toMatchObject({
      runs: [{ slot: asked, requested: true, counts: { effects: 1 }, error: null }],
      acts: [{ actor: 'operator', origin: '192.0.2.1', act: 'run', slot: asked }],
    });
    // Down over the next two slots, and asked again between them: the latest is caught up nevertheless.
    await scheduled.stopReplicas();
    await scheduled.clock.advance(2 * HOUR_MS);
    await administration.run(OPERATOR, 'hourly');
    const again = await startTwo(job);
    const latest = MIDNIGHT + 2 * HOUR_MS;
    await again.settled('completed', [idOf('hourly', latest), idOf('hourly', asked.getTime() + 2 * HOUR_MS)]);
    expect(await scheduled.slotsOf('effects', 'hourly')).toEqual(
      [asked.getTime(), latest, asked.getTime() + 2 * HOUR_MS].map(isoOf),
    );
  });

  it('see why a run failed, and run its slot again, once', async () => {
    let isBroken = true;
    const replica = await startTwo(effectJob('hourly', '0 * * * *', { fails: () => isBroken }));
    const slot = MIDNIGHT + HOUR_MS;
    await pass(HOUR_MS);
    await replica.settled('failed', [idOf('hourly', slot)]);
    expect((await administration.find('hourly'))!.last_run).toMatchObject({
      ...{ slot: new Date(slot), requested: false, counts: null, error: 'the job is broken' },
    });
    isBroken = false;
    for (let i = 0; i < 2; i++) {
      expect(await administration.run(OPERATOR, 'hourly', slot)).toMatchObject({ status: 'queued' });
    }
    await pass(1000);
    await replica.settled('completed', [idOf('hourly', slot)]);
    expect(await scheduled.slotsOf('effects', 'hourly')).toEqual([isoOf(slot)]);
    expect(await administration.run(OPERATOR, 'hourly', slot)).toMatchObject({
      ...{ status: 'completed', slot: new Date(slot), counts: { effects: 1 }, error: null },
    });
    const { last_run, runs } = (await administration.find('hourly'))!;
    expect([last_run!.error, runs.map(({ error }) => error)]).toEqual([null, [null, 'the job is broken']]);
  });

  it('cannot run what is no slot of the schedule, or not over', async () => {
    await startTwo(effectJob('hourly', '0 * * * *'));
    const run = (slot: number) => administration.run(OPERATOR, 'hourly', slot);
    await expect(run(BEGINNING)).rejects.toEqual(
      new UnknownSlot('must be a slot of the schedule; the next one after it is 2026-11-24T01:00:00.000Z'),
    );
    await expect(run(MIDNIGHT + HOUR_MS)).rejects.toEqual(new UnknownSlot('must not be in the future'));
    expect((await administration.find('hourly'))!.acts).toEqual([]);
    expect(await administration.run(OPERATOR, 'nothing')).toBeNull();
  });

  it('pause a job, over a restart too; it catches up when it is resumed', async () => {
    const job = effectJob('hourly', '0 * * * *');
    await startTwo(job);
    expect(await administration.pause(OPERATOR, 'hourly')).toMatchObject({ paused: true, next_run: null });
    expect(await administration.pause(OPERATOR, 'hourly')).toMatchObject({ paused: true });
    for (let hour = 0; hour < 3; hour++) await pass(HOUR_MS);
    await scheduled.stopReplicas();
    const replica = await startTwo(job);
    await pass(HOUR_MS);
    expect(await replica.queue.getJobCounts()).toMatchObject({ waiting: 0, active: 0, completed: 0 });
    expect(await administration.resume(OPERATOR, 'hourly')).toMatchObject({ paused: false });
    await pass(1000);
    const slot = MIDNIGHT + 4 * HOUR_MS;
    await replica.settled('completed', [idOf('hourly', slot)]);
    expect(await scheduled.slotsOf('effects', 'hourly')).toEqual([isoOf(slot)]);
    expect((await administration.find('hourly'))!.acts.map(({ act }) => act)).toEqual(['resume', 'pause']);
  });

  it('see jobs of older versions for a day', async () => {
    await startTwo(effectJob('old', '0 * * * *'));
    await scheduled.stopReplicas();
    await scheduled.clock.advance(DAY_MS);
    const names = async () => (await administration.list()).map(({ name }) => name);
    const restart = async () => {
      await startTwo(effectJob('new', '0 * * * *'));
      await scheduled.stopReplicas();
      return names();
    };
    expect(await restart()).toEqual(['new', 'old']);
    await scheduled.clock.advance(1);
    expect(await restart()).toEqual(['new']);
  });

  it('find in the queue what a run logged', async () => {
    const replica = await startTwo(effectJob('hourly', '0 * * * *'));
    const id = idOf('hourly', MIDNIGHT + HOUR_MS);
    await pass(HOUR_MS);
    await replica.settled('completed', [id]);
    expect((await replica.queue.getJobLogs(id)).logs).toEqual([
      'the row is in',
      '2026-11-24T01:00:00.000Z, effects 1 (0 ms)',
    ]);
  });
});
