import { Measurement } from '../measurement/measurement.js';
import type { SeriesDelta } from './delta.js';
import { gatherOthers, OTHER } from './other-series.js';

const measured = (...values: number[]) => {
  const measurement = new Measurement();
  for (const value of values) measurement.add(value);
  return measurement.toJSON();
};

const delta = (d: Record<string, string>, t: number, ...values: number[]): SeriesDelta => ({
  ...{ d, t, c: values.length },
  m: { ms: measured(...values) },
});

describe('gatherOthers', () => {
  it('merges refused series by bucket and by the names of their dimensions', () => {
    const kept = delta({ page: 'a' }, 0, 1);
    const deltas = [
      kept,
      delta({ page: 'b' }, 0, 2, 3),
      delta({ page: 'c' }, 0, 5),
      delta({ page: 'b' }, 60, 7),
      delta({ page: 'b', status: '200' }, 0, 11),
      delta({ status: '200', page: 'c' }, 0, 13),
    ];
    expect(gatherOthers(deltas, (row) => row === kept)).toEqual([
      kept,
      delta({ page: OTHER }, 0, 2, 3, 5),
      delta({ page: OTHER }, 60, 7),
      delta({ page: OTHER, status: OTHER }, 0, 11, 13),
    ]);
  });

  it('merges a measure of the series that have it', () => {
    const without: SeriesDelta = { d: { page: 'a' }, t: 0, c: 4, m: {} };
    expect(gatherOthers([without, delta({ page: 'b' }, 0, 1)], () => false)).toEqual([
      { d: { page: OTHER }, t: 0, c: 5, m: { ms: measured(1) } },
    ]);
  });
});
