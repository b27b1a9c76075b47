import type { CheckedVerdict, Status } from '#health';
import { healthChanges } from './health-changes.js';

const check = (name: string, status: Status, summary = `${name} is broken.`): CheckedVerdict => ({
  ...{ name, status, summary, figures: {}, duration_ms: 1 },
});

/** What is logged in each of a row of runs. */
const logged = (...runs: CheckedVerdict[][]) =>
  runs.map((run, i) => {
    const { failures, recoveries } = healthChanges(runs[i - 1] ?? [], run);
    return [...failures, ...recoveries.map((name) => `${name} is well`)];
  });

describe('healthChanges', () => {
  it('names a failure once until it changes, and then its end', () => {
    const a = check('a', 'fail');
    expect(logged([a], [a, check('b', 'fail')], [a], [check('a', 'ok')], [a])).toEqual([
      ['a: a is broken.'],
      ['b: b is broken.'],
      ['b is well'],
      ['a is well'],
      ['a: a is broken.'],
    ]);
  });

  it('takes other figures for the same failure, and other words for another', () => {
    const says = (summary: string) => [check('a', 'fail', summary)];
    expect(
      logged(
        says('The job x has not done its slot of 2026-11-27T10:00:00.000Z.'),
        says('The job x has not done its slot of 2026-11-27T11:00:00.000Z.'),
        says('The job y has not done its slot of 2026-11-27T11:00:00.000Z.'),
      ).map((lines) => lines.length),
    ).toEqual([1, 0, 1]);
  });

  it('is silent about warnings', () => {
    expect(logged([check('a', 'warn')], [check('a', 'ok')])).toEqual([[], []]);
  });
});
