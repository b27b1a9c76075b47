import { attemptOf } from './attempt-of.js';

describe('attempts', () => {
  it('are made again after pauses that grow, and given up after some two hours', () => {
    let now = 0;
    const pauses: number[] = [];
    for (let attempts = 1; ; attempts++) {
      const { status, dueAt } = attemptOf({ status: 'deferred', said: 'HTTP 503' }, attempts, now);
      if (status === 'given_up') break;
      pauses.push((dueAt.getTime() - now) / 1000);
      now = dueAt.getTime();
    }
    expect(pauses).toEqual([10, 30, 90, 270, 810, 2430, 3600]);
    expect(now / 3_600_000).toBeCloseTo(2, 1);
  });

  it.each(['sent', 'refused'] as const)('are not made again once %s', (status) => {
    expect(attemptOf({ status, said: 'so' }, 1, 5)).toEqual({
      ...{ status, said: 'so', at: new Date(5), dueAt: new Date(5) },
    });
  });
});
