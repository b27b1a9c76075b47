import fc from 'fast-check';
import { RequestCounts } from './request-counts.js';

const requests = fc.array(
  fc.record({
    route: fc.constantFrom('/v1/events', '/v1/users/:id', 'unmatched'),
    method: fc.constantFrom('GET', 'POST'),
    status: fc.constantFrom(200, 202, 404),
    // Some exactly on a bound.
    seconds: fc.oneof(fc.constantFrom(0, 0.001, 0.25, 10), fc.double({ min: 0, max: 20, noNaN: true })),
  }),
  { maxLength: 200 },
);

describe('RequestCounts', () => {
  it('returns the totals and histograms of the added requests', () => {
    fc.assert(
      fc.property(requests, (sent) => {
        const counts = new RequestCounts();
        for (const { route, method, status, seconds } of sent) counts.add(route, method, status, seconds);
        const totals = counts.totals();
        expect(totals.reduce((sum, { value }) => sum + value, 0)).toBe(sent.length);
        const gets = sent.filter(({ route, method }) => route !== 'unmatched' && method === 'GET');
        const sum = counts.sum((route, method) => route !== 'unmatched' && method === 'GET');
        expect(sum.count).toBe(gets.length);
        expect(sum.seconds).toBeCloseTo(gets.reduce((total, { seconds }) => total + seconds, 0));
        for (const { labels, value } of totals) {
          const { route, method, status } = labels;
          const same = sent.filter(
            (one) => one.route === route && one.method === method && String(one.status) === status,
          );
          expect(value).toBe(same.length);
        }
        for (const { labels, buckets, sum, count } of counts.durations()) {
          const own = sent
            .filter(({ route, method }) => route === labels.route && method === labels.method)
            .map(({ seconds }) => seconds);
          expect(count).toBe(own.length);
          expect(sum).toBeCloseTo(own.reduce((total, seconds) => total + seconds, 0));
          expect(buckets.at(-1)).toEqual({ le: '+Inf', count });
          for (const bucket of buckets.slice(0, -1)) {
            expect(bucket.count).toBe(own.filter((seconds) => seconds <= Number(bucket.le)).length);
          }
        }
      }),
    );
  });
});
