import { Pool } from 'pg';
import { createPool } from '#database';
import { latestRuns, type Verdict } from '#health';
import type { JobContext } from '#jobs';
import { defineJob } from '#jobs';
import { type CheckContext, defineCheck } from '../../apps/worker/src/health/checks/define-check.js';
import { HealthChecker } from '../../apps/worker/src/health/health-checker.js';
import { JobRunner } from '../../apps/worker/src/schedule/job-runner.js';
import { ManualClock } from '../support/manual-clock.js';
import { TestDatabase } from '../support/test-database.js';

const EVERY_SECONDS = 300;
const EVERY_MS = EVERY_SECONDS * 1000;
const START = Math.floor(Date.now() / EVERY_MS) * EVERY_MS;

describe('runs of the health checks', () => {
  let database: TestDatabase;
  let pool: Pool;
  let clock: ManualClock;
  let verdict: Verdict;
  let contexts: CheckContext[];
  let logged: string[];
  let runner: JobRunner;
  let checker: HealthChecker;

  beforeAll(async () => {
    database = await TestDatabase.create();
    pool = createPool({ databaseUrl: database.url, role: 'worker', size: 4 });
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  beforeEach(async () => {
    await pool.query(`DELETE FROM health_checks; DELETE FROM job_runs WHERE job = 'health'`);
    clock = new ManualClock(START);
    contexts = [];
    logged = [];
    verdict = { status: 'ok', summary: 'Fine.', figures: { n: 1 } };
    const check = defineCheck({
      name: 'only',
      run: async (context) => {
        contexts.push(context);
        return verdict;
      },
    });
    checker = new HealthChecker([check], pool, () => undefined, EVERY_SECONDS);
    const logger = {
      log: (message: string) => logged.push(message),
      warn: (message: string) => logged.push(`warning: ${message}`),
    };
    const job = defineJob({
      name: 'health',
      schedule: '* * * * *',
      run: (context: JobContext) => checker.check({ ...context, logger }),
    });
    runner = new JobRunner([job], pool, () => undefined, clock, new AbortController().signal);
  });

  const run = (slot: number) => runner.run('health', { slot, payload: undefined });
  /** Goes on to the next slot, and runs it. */
  const next = async () => {
    await clock.advance(EVERY_MS);
    return run(clock.now());
  };

  it('are one row for each slot, even if two workers run it at once', async () => {
    expect(await Promise.all([run(START), run(START)])).toEqual([
      { ok: 1, warn: 0, fail: 0 },
      { ok: 1, warn: 0, fail: 0 },
    ]);
    verdict = { status: 'warn', summary: 'Hot.', figures: { n: 2 } };
    expect(await next()).toEqual({ ok: 0, warn: 1, fail: 0 });
    const runs = await latestRuns(pool, 9);
    expect(runs).toMatchObject([
      {
        slot: new Date(START + EVERY_MS),
        status: 'warn',
        every_seconds: 300,
        checks: [{ name: 'only', ...verdict }],
      },
      { slot: new Date(START), status: 'ok' },
    ]);
    expect(contexts.map(({ previous }) => previous).at(-1)).toEqual({ n: 1 });
  });

  it('are left out when the next one is due', async () => {
    await clock.advance(EVERY_MS + 1);
    expect(await run(START)).toEqual({ skipped: 1 });
    expect([contexts, await latestRuns(pool, 9)]).toEqual([[], []]);
    expect(await run(START + EVERY_MS)).toMatchObject({ ok: 1 });
  });

  it('are made without the queue when it brings none for two intervals, and the first of a slot is recorded', async () => {
    const context = () => ({
      clock,
      logger: { log: () => {}, warn: () => {} },
      signal: new AbortController().signal,
    });
    const slots = async () => (await latestRuns(pool, 9)).map(({ slot }) => slot.getTime() - START);
    await checker.checkIfLate(context());
    await run(START);
    await clock.advance(2 * EVERY_MS);
    await checker.checkIfLate(context());
    expect(await slots()).toEqual([0]);
    await clock.advance(1);
    await pool.query(`INSERT INTO jobs (job, schedule, catch_up, registered_at, seen_at, paused_at)
      VALUES ('health', '{"everySeconds": 300}', 0, now(), now(), now())`);
    await checker.checkIfLate(context());
    expect(await slots()).toEqual([0]);
    await pool.query(`DELETE FROM jobs WHERE job = 'health'`);
    await Promise.all([checker.checkIfLate(context()), checker.checkIfLate(context())]);
    expect(await slots()).toEqual([2 * EVERY_MS, 0]);
    // The queue is back, and brings the slot again.
    expect(await run(START + 2 * EVERY_MS)).toMatchObject({ ok: 1 });
    expect(await slots()).toEqual([2 * EVERY_MS, 0]);
  });

  it('log a failure once until it changes, whichever worker runs', async () => {
    for (const [status, summary] of [
      ['fail', 'Down for 5 s.'],
      ['fail', 'Down for 305 s.'],
      ['fail', 'Full.'],
      ['ok', 'Fine.'],
    ] as const) {
      verdict = { status, summary, figures: {} };
      await next();
    }
    expect(logged).toEqual(['warning: only: Down for 5 s.', 'warning: only: Full.', 'only no longer fails']);
  });
});
