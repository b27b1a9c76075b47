import fc from 'fast-check';
import { DURATION_BOUNDS } from '#performance';
import { RequestCounts, type RouteSum } from '../../metrics/request-counts.js';
import { grownDurations } from './grown-durations.js';

const request = fc.record({
  route: fc.constantFrom('/v1/events', '/v1/aggregates'),
  method: fc.constantFrom('GET', 'POST'),
  seconds: fc.constantFrom(0.0005, 0.002, 0.3, 20),
});

it('is what was counted since', () => {
  fc.assert(
    fc.property(fc.array(request), fc.array(request), (first, then) => {
      const counts = new RequestCounts();
      for (const { route, method, seconds } of first) counts.add(route, method, 200, seconds);
      const before = counts.sums(() => true);
      const alone = new RequestCounts();
      for (const { route, method, seconds } of then) {
        counts.add(route, method, 200, seconds);
        alone.add(route, method, 200, seconds);
      }
      const inOrder = (all: RouteSum[]) =>
        all
          .map(({ seconds, ...one }) => ({ ...one, seconds: Number(seconds.toFixed(6)) }))
          .sort((a, b) => (`${a.method} ${a.route}` < `${b.method} ${b.route}` ? -1 : 1));
      const grown = grownDurations(
        counts.sums(() => true),
        before,
      );
      expect(inOrder(grown)).toEqual(inOrder(alone.sums(() => true)));
      expect(grown.every(({ upTo }) => upTo.length === DURATION_BOUNDS.length + 1)).toBe(true);
    }),
  );
});
