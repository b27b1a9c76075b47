import { allowanceOf } from './allowance.js';

const all = (rate_limits: object | undefined, base: number) =>
  (['single', 'batch', 'read'] as const).map((kind) =>
    allowanceOf(kind, rate_limits === undefined ? {} : { rate_limits }, base),
  );

describe('allowanceOf', () => {
  it('defaults to the setting of the API, times ten for batches', () => {
    expect(all(undefined, 1000)).toEqual([1000, 10_000, 1000]);
    expect(all(undefined, 0)).toEqual([0, 0, 0]);
  });

  it('uses the settings of the organization for each kind', () => {
    expect(all({ read: 5 }, 1000)).toEqual([1000, 10_000, 5]);
    expect(all({ single: 7 }, 1000)).toEqual([7, 70, 1000]);
    expect(all({ single: 7, batch: 3, read: 0 }, 1000)).toEqual([7, 3, 0]);
    expect(all({ batch: 3 }, 0)).toEqual([0, 3, 0]);
  });
});
