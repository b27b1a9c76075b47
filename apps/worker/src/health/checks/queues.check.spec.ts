import type { QueueFigures } from '../reads/queue-figures.js';
import { judgeQueues } from './queues.check.js';

const EMPTY: QueueFigures = {
  ...{ waiting: 0, active: 0, delayed: 0, failed: 0, paused: false },
  ...{ oldest_id: null, oldest_seconds: null },
};
const waits = (oldest_seconds: number, oldest_id = 'a') => ({
  ...EMPTY,
  waiting: 1,
  oldest_id,
  oldest_seconds,
});

describe('judgeQueues', () => {
  it.each([
    ['ingest', 29, 'ok'],
    ['ingest', 30, 'warn'],
    ['ingest', 120, 'fail'],
    ['jobs', 599, 'ok'],
    ['jobs', 600, 'warn'],
    ['jobs', 3600, 'fail'],
    ['exports', 1799, 'ok'],
    ['exports', 1800, 'warn'],
    ['exports', 7200, 'fail'],
    ['a-new-one', 599, 'ok'],
    ['a-new-one', 600, 'warn'],
  ])('in %s with a job that has waited for %d s is %s', (queue, seconds, status) => {
    expect(judgeQueues({ [queue]: waits(seconds) }, null).status).toBe(status);
  });

  it.each([
    ['the same job is next as before, for a minute', waits(60), 'fail'],
    ['the same job is next as before, but not for a minute', waits(59), 'ok'],
    ['another job is next', waits(60, 'b'), 'ok'],
    ['nothing waits', EMPTY, 'ok'],
  ])('knows whether workers take jobs: %s', (_name, now, status) => {
    expect(judgeQueues({ exports: now }, { exports: { ...waits(30) } }).status).toBe(status);
  });

  it('warns once of jobs that have failed', () => {
    const failed = (count: number) => ({ ...EMPTY, failed: count });
    const status = (now: number, before: number | null) =>
      judgeQueues({ jobs: failed(now) }, before === null ? null : { jobs: failed(before) }).status;
    expect([status(2, null), status(2, 1), status(2, 2), status(0, 2)]).toEqual(['ok', 'warn', 'ok', 'ok']);
  });

  it('fails for a paused queue, and says so once', () => {
    const verdict = judgeQueues({ ingest: { ...waits(60), paused: true } }, { ingest: { ...waits(30) } });
    expect(verdict).toMatchObject({
      status: 'fail',
      summary: 'The queue ingest is paused: resume it at /queues.',
    });
  });
});
