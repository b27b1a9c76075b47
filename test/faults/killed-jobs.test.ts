import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { BACKENDS } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { ScheduledJobs } from '../support/scheduled-jobs.js';

const PROGRAM = 'test/support/job-process.mjs';
const PROCESSES = 5;
const SECONDS = 20;
const MINUTE_MS = 60_000;
/** A minute, and a slot, pass in a third of a second: an hour in a run. */
const SPEED = 180;
/** Milliseconds until the run of a killed process is repeated. */
const LOCK_MS = 2000;

// Five processes start one after the other on a busy machine.
jest.setTimeout(180_000);

/** Starts a worker's scheduler and processor, with a clock of their own. */
const start = (settings: object): ChildProcess =>
  spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });

describe('five workers, one of which is killed every few seconds', () => {
  it.each(BACKENDS)('run each slot of a job exactly once, on %s', async (backend) => {
    const random = Random.announced(`kills on ${backend}`);
    const scheduled = await ScheduledJobs.create(backend);
    const { database, owner, redisUrl } = scheduled;
    const clock = {
      beganAt: Date.now(),
      beginning: Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS,
      speed: SPEED,
    };
    const settings = { databaseUrl: database.url, redisUrl, ...clock, lockMs: LOCK_MS };
    const minute = () => Math.floor((clock.beginning + (Date.now() - clock.beganAt) * SPEED) / MINUTE_MS);
    const processes = Array.from({ length: PROCESSES }, () => start(settings));
    try {
      // Each says so once it has ticked.
      await Promise.all(processes.map(({ stdout }) => once(stdout!, 'data')));
      const first = minute() + 1;
      let kills = 0;
      for (const end = Date.now() + SECONDS * 1000; Date.now() < end; kills++) {
        await sleep(random.integer(1000, 4000));
        const victim = random.integer(0, PROCESSES - 1);
        const gone = once(processes[victim]!, 'exit');
        processes[victim]!.kill('SIGKILL');
        await gone;
        processes[victim] = start(settings);
      }
      const slots = Array.from({ length: minute() - first + 1 }, (_, i) => new Date((first + i) * MINUTE_MS));
      await eventually('every slot has been run', async () => {
        const query = 'SELECT count(*)::int AS runs FROM job_runs WHERE slot = ANY($1)';
        const { rows } = await owner.query<{ runs: number }>(query, [slots]);
        return rows[0]!.runs === slots.length;
      });
      const { rows } = await owner.query<{ effects: number; slots: number; runs: number }>(
        `SELECT count(*)::int AS effects, count(DISTINCT slot)::int AS slots,
                (SELECT count(*)::int FROM job_runs) AS runs FROM effects`,
      );
      const { effects, runs } = rows[0]!;
      process.stdout.write(`${backend}: ${kills} kills, ${effects} slots, each with one effect\n`);
      expect([effects, runs]).toEqual([rows[0]!.slots, rows[0]!.slots]);
      expect(effects).toBeGreaterThanOrEqual(SECONDS * 3);
    } finally {
      for (const child of processes) child.kill('SIGKILL');
      await scheduled.end();
    }
  });
});
