import { testMessage } from '#alerts';
import { attemptOf } from './attempt-of.js';

const test = testMessage(null, 'many', 'Try it.');
const message = { ...test, event: 'firing' } as const;
const deferred = { status: 'deferred', said: 'HTTP 503' } as const;

describe('attempts', () => {
  it('are made again after pauses that grow, and given up after some two hours', () => {
    let now = 0;
    const pauses: number[] = [];
    for (let attempts = 1; ; attempts++) {
      const { status, dueAt } = attemptOf(deferred, { attempts, message }, now);
      if (status === 'given_up') break;
      pauses.push((dueAt.getTime() - now) / 1000);
      now = dueAt.getTime();
    }
    expect(pauses).toEqual([10, 30, 90, 270, 810, 2430, 3600]);
    expect(now / 3_600_000).toBeCloseTo(2, 1);
  });

  it.each(['sent', 'refused'] as const)('are not made again once %s', (status) => {
    expect(attemptOf({ status, said: 'so' }, { attempts: 1, message }, 5)).toEqual({
      ...{ status, said: 'so', at: new Date(5), dueAt: new Date(5) },
    });
  });

  it('of a test are not made again', () => {
    expect(attemptOf(deferred, { attempts: 1, message: test }, 5).status).toBe('given_up');
  });
});
