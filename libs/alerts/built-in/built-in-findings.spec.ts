import type { CheckedVerdict, Figures, HealthRun, Status } from '#health';
import { builtInFindings } from './built-in-findings.js';
import { BUILT_IN_RULES } from './built-in-rules.js';

const CHECKS = [...new Set(BUILT_IN_RULES.map(({ check }) => check))];

const runOf = (name: string, status: Status, figures: Figures = {}, age_seconds = 1): HealthRun => ({
  ...{ slot: new Date(0), checked_at: new Date(0), every_seconds: 300, status, age_seconds },
  checks: CHECKS.map(
    (check): CheckedVerdict => ({
      ...{ name: check, duration_ms: 1, summary: `${check} is so.`, figures: {}, status: 'ok' },
      ...(check === name ? { status, figures } : {}),
    }),
  ),
});
const firing = (run: HealthRun | null) =>
  builtInFindings(run)
    .filter(({ holds }) => holds)
    .map(({ rule }) => rule);

describe('built-in rules', () => {
  it.each([
    ['ledger', 'fail', { unbalanced: 1 }, ['ledger-unbalanced']],
    ['ledger', 'warn', { unbalanced: 0, received: 100, dead_lettered: 2 }, ['error-rate']],
    ['ledger', 'ok', { unbalanced: 0, received: 100, dead_lettered: 1 }, []],
    ['ledger', 'ok', { unbalanced: 0, received: 0, dead_lettered: 0 }, []],
    ['queues', 'ok', { ingest: { oldest_seconds: 61 } }, ['oldest-job']],
    ['queues', 'ok', { ingest: { oldest_seconds: 60 }, jobs: { oldest_seconds: 300 } }, []],
    ['queues', 'fail', { ingest: { oldest_seconds: null } }, ['queue-stuck']],
    ['dead-letters', 'warn', { more_events: 0, more_jobs: 1 }, ['dead-letters-growing']],
    ['disk', 'warn', {}, ['disk']],
    ['jobs', 'warn', {}, []],
    ['jobs', 'fail', {}, ['job-missed']],
    ['canary', 'fail', {}, ['canary-late']],
    ['workers', 'warn', {}, ['worker-lost']],
    ['database', 'warn', {}, []],
    ['database', 'fail', {}, ['database']],
  ] as const)('fire: %s %s %j → %j', (check, status, figures, rules) => {
    expect(firing(runOf(check, status, figures))).toEqual(rules);
  });

  it('say nothing about checks that are not there, or too old, and that is a finding', () => {
    expect(builtInFindings(null).filter(({ holds }) => holds !== null)).toEqual([]);
    const old = builtInFindings(runOf('disk', 'fail', {}, 901));
    expect(old.filter(({ holds }) => holds !== null)).toEqual([
      { rule: 'health-not-checked', holds: true, summary: expect.stringMatching(/^No worker has checked/) },
    ]);
    const absent = builtInFindings({ ...runOf('disk', 'ok'), checks: [] });
    expect(absent.filter(({ holds }) => holds !== null).map(({ rule }) => rule)).toEqual([
      'health-not-checked',
    ]);
  });

  it('have names of their own', () => {
    const names = builtInFindings(null).map(({ rule }) => rule);
    expect(new Set(names).size).toBe(names.length);
  });
});
