import fc from 'fast-check';
import { judgeClock } from './clock.check.js';

describe('judgeClock', () => {
  it.each([
    [[], 'ok'],
    [[-999, 999], 'ok'],
    [[3, 1000], 'warn'],
    [[3, -1000], 'warn'],
    [[-59_999], 'warn'],
    [[60_000, 1], 'fail'],
    [[-60_000], 'fail'],
  ])('with processes ahead by %j ms is %s', (ahead, status) => {
    expect(judgeClock(ahead).status).toBe(status);
  });

  it('says how far any two clocks are apart', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 })), (ahead) => {
        // PostgreSQL's own clock is one of them.
        const clocks = [0, ...ahead];
        const apart = clocks.flatMap((a) => clocks.map((b) => Math.abs(a - b)));
        expect(judgeClock(ahead).figures.between_ms).toBe(Math.max(...apart));
      }),
    );
  });
});
