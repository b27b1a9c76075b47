import type { CanaryFlight } from '../canary/canary.js';
import { judgeCanary } from './canary.check.js';

const ARRIVED: CanaryFlight = {
  ...{ enqueued_ms: 2, stored_ms: 30, counted_ms: 40, refused: false, job: null },
};
const LOST = { ...ARRIVED, stored_ms: null, counted_ms: null };

describe('judgeCanary', () => {
  it.each<[Partial<CanaryFlight>, string, RegExp]>([
    [{}, 'ok', /visible in aggregates within 40 ms/],
    [{ counted_ms: 4999 }, 'ok', /within 4999 ms/],
    [{ counted_ms: 5000 }, 'warn', /took 5000 ms/],
    [{ ...LOST, enqueued_ms: null }, 'fail', /queue has not taken an event within 30 s/],
    [{ ...LOST, job: 'waiting' }, 'fail', /enqueued but not stored after 30 s: it waits in the queue/],
    [{ ...LOST, job: 'active' }, 'fail', /a worker holds it/],
    [{ ...LOST, job: 'delayed' }, 'fail', /will be tried again/],
    [{ ...LOST, job: 'failed' }, 'fail', /storing it failed\. See/],
    [{ ...LOST, job: 'unknown' }, 'fail', /no longer in the queue/],
    [{ counted_ms: null, refused: true }, 'fail', /PostgreSQL refused/],
    [{ counted_ms: null }, 'fail', /stored but not counted after 30 s/],
  ])('with %j is %s', (flight, status, says) => {
    expect(judgeCanary({ ...ARRIVED, ...flight })).toMatchObject({
      ...{ status, summary: expect.stringMatching(says) },
    });
  });
});
