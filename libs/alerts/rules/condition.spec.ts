import { COMPARISONS, type Condition, holds, describe as inWords } from './condition.js';

const threshold = (more: object = {}): Condition => ({
  ...{ kind: 'threshold', type: 'page_view', measure: null, stat: 'count', where: {} },
  ...{ window: '5m', comparison: '>', threshold: 10, ...more },
});
const noEvents: Condition = { kind: 'no_events', type: null, where: {}, minutes: 10 };

describe('a condition', () => {
  it('compares', () => {
    const found = COMPARISONS.map((comparison) =>
      [9, 10, 11].map((value) => holds(threshold({ comparison }), value)),
    );
    expect(found).toEqual([
      [false, false, true],
      [false, true, true],
      [true, false, false],
      [true, true, false],
    ]);
  });

  it('compares nothing without a value', () => {
    for (const comparison of COMPARISONS) expect(holds(threshold({ comparison }), null)).toBe(false);
    expect([null, 0, 1].map((value) => holds(noEvents, value))).toEqual([false, true, false]);
  });

  it('says what it watches', () => {
    expect(inWords(threshold({ where: { page: '/a', device: null } }), 12)).toBe(
      'count of page_view with page=/a, device=none over 5m is 12 (rule: > 10)',
    );
    expect(inWords(threshold({ measure: 'duration_ms', stat: 'p95' }), null)).toBe(
      'p95 of duration_ms of page_view over 5m is not known: there are no events (rule: > 10)',
    );
    expect(inWords(noEvents, 0)).toBe('no events of any type in 10 minutes');
    expect(inWords(noEvents, 3)).toBe('events of any type in 10 minutes');
  });
});
