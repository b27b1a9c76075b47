import type { Condition } from './condition.js';
import { rangesOf } from './ranges.js';

const MINUTE = 60_000;
/** A whole day since the epoch. */
const NOW = 1440 * MINUTE;
const threshold = (window: '5m' | '1d'): Condition => ({
  ...{ kind: 'threshold', type: 'page_view', measure: null, stat: 'count', where: {} },
  ...{ window, comparison: '>', threshold: 10 },
});
const noEvents = (minutes: number): Condition => ({ kind: 'no_events', type: null, where: {}, minutes });

describe('where a condition looks', () => {
  it('is the window up to the minute of the evaluation, or to a quarter of an hour', () => {
    expect(rangesOf(threshold('5m'), NOW)).toEqual([[NOW - 5 * MINUTE, NOW]]);
    expect(rangesOf(threshold('5m'), NOW + 1)).toEqual([[NOW - 4 * MINUTE, NOW + MINUTE]]);
    expect(rangesOf(threshold('1d'), NOW + MINUTE)).toEqual([[15 * MINUTE, NOW + 15 * MINUTE]]);
  });

  it('is further and further back, until no less silence than the rule says', () => {
    expect(rangesOf(noEvents(3), NOW)).toEqual([[NOW - 3 * MINUTE, NOW]]);
    expect(rangesOf(noEvents(30), NOW + 1)).toEqual(
      [5, 20, 30].map((span) => [NOW - span * MINUTE, NOW + MINUTE]),
    );
  });
});
