import fc from 'fast-check';
import { STATUSES } from '#health';
import { type Finding, reached, verdictOf, when } from './judge.js';

describe('reached', () => {
  it('warns from the first limit on and fails from the second', () => {
    const statusAt = (value: number) =>
      reached(value, { warn: 10, fail: 20 }, 'x').map(({ status }) => status);
    expect([9.99, 10, 19.99, 20].map(statusAt)).toEqual([[], ['warn'], ['warn'], ['fail']]);
  });
});

describe('verdictOf', () => {
  it('has the worst status, and says everything that is wrong, failures first', () => {
    const findings = fc.array(
      fc.record<Finding>({ status: fc.constantFrom('warn', 'fail'), says: fc.string({ minLength: 1 }) }),
    );
    fc.assert(
      fc.property(findings, (all) => {
        const verdict = verdictOf('fine', {}, all);
        const ranks = all.map(({ status }) => STATUSES.indexOf(status));
        expect(verdict.status).toBe(STATUSES[Math.max(0, ...ranks)]);
        const sorted = all.toSorted((a, b) => STATUSES.indexOf(b.status) - STATUSES.indexOf(a.status));
        expect(verdict.summary).toBe(all.length === 0 ? 'fine' : sorted.map(({ says }) => says).join(' '));
      }),
    );
    expect(when(false, 'fail', 'x')).toEqual([]);
  });
});
