import { judgeDisk } from './disk.check.js';

const HOUR_MS = 3_600_000;
const GIB = 1024 ** 3;

describe('judgeDisk', () => {
  it('knows no growth before an hour has passed', () => {
    expect(judgeDisk(GIB, null).figures).toEqual({ size_bytes: GIB, growth_bytes_per_day: null });
    expect(judgeDisk(9 * GIB, { bytes: GIB, ageMs: HOUR_MS - 1 })).toMatchObject({
      ...{ status: 'ok', figures: { growth_bytes_per_day: null } },
    });
  });

  it('reckons growth per day', () => {
    expect(judgeDisk(1500, { bytes: 1000, ageMs: HOUR_MS }).figures.growth_bytes_per_day).toBe(12_000);
    expect(judgeDisk(1500, { bytes: 2000, ageMs: 24 * HOUR_MS }).figures.growth_bytes_per_day).toBe(-500);
  });

  // Before the day there were ten parts.
  it.each([
    [100, 109.9, 'ok'],
    [100, 110, 'warn'],
    [100, 199.9, 'warn'],
    [100, 200, 'fail'],
    [0.5, 1.49, 'ok'],
    [0.5, 1.51, 'fail'],
  ])('with %d GiB a day ago and %d now is %s', (before, now, status) => {
    const verdict = judgeDisk(now * GIB, { bytes: before * GIB, ageMs: 24 * HOUR_MS });
    expect(verdict.status).toBe(status);
  });
});
