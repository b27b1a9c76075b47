import fc from 'fast-check';
import { duration, healthReport } from './health-report.js';
import type { HealthRun } from './health-runs.read-model.js';
import { type CheckedVerdict, STATUSES, type Status, worst } from './verdict.js';

const check = (name: string, status: Status): CheckedVerdict => ({
  ...{ name, status, summary: `${name} is ${status}.` },
  ...{ figures: {}, duration_ms: 1 },
});

const run = (statuses: readonly Status[], age_seconds = 10, every_seconds = 300): HealthRun => ({
  ...{ slot: new Date(0), checked_at: new Date(0), every_seconds, age_seconds, status: worst(statuses) },
  checks: statuses.map((status, i) => check(`c${i}`, status)),
});

describe('worst', () => {
  it('is fail if anything fails, otherwise warn if anything warns', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATUSES)), (statuses) => {
        const expected = statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'ok';
        expect(worst(statuses)).toBe(expected);
      }),
    );
  });
});

describe('healthReport', () => {
  it('says that nobody has checked', () => {
    expect(healthReport([])).toMatchObject({ status: 'fail', checked_at: null, checks: [], history: [] });
    expect(healthReport([]).summary).toMatch(/^No worker has checked health yet\./);
  });

  it('is the newest run, with the worst checks first', () => {
    const report = healthReport([run(['ok', 'warn', 'fail', 'warn']), run(['ok'])]);
    expect(report).toMatchObject({ status: 'fail', summary: 'fail: c2; warn: c1, c3', age_seconds: 10 });
    expect(report.checks.map(({ name }) => name)).toEqual(['c2', 'c1', 'c3', 'c0']);
    expect(report.history.map(({ status, warn, fail }) => [status, warn, fail])).toEqual([
      ['fail', ['c1', 'c3'], ['c2']],
      ['ok', [], []],
    ]);
    expect(healthReport([run(['ok'])])).toMatchObject({ status: 'ok', summary: 'All is well.' });
  });

  it('fails when the newest run is older than three intervals, but still shows it', () => {
    expect(healthReport([run(['ok'], 900)]).status).toBe('ok');
    const stale = healthReport([run(['ok'], 900.1)]);
    expect([stale.status, stale.checks.length]).toEqual(['fail', 1]);
    expect(stale.summary).toMatch(/^No worker has checked health for 15 min\./);
  });
});

describe('duration', () => {
  it.each([
    [0.9, '0 s'],
    [119.9, '119 s'],
    [120, '2 min'],
    [7199, '119 min'],
    [7200, '2 h'],
    [172_799, '47 h'],
    [172_800, '2 days'],
  ])('of %d s is %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
