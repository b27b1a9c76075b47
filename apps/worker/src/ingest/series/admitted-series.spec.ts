import { AdmittedSeries } from './admitted-series.js';

it('forgets the types and days that were not asked about for longest', () => {
  const series = new AdmittedSeries(4);
  for (const name of ['a', 'b', 'a']) series.add('monday', name);
  for (const name of ['a', 'b']) series.add('tuesday', name);
  expect([...series.of('monday')]).toEqual(['a', 'b']);
  series.add('wednesday', 'a');
  expect([...series.of('tuesday')]).toEqual([]);
  expect([...series.of('monday')]).toEqual(['a', 'b']);
  expect([...series.of('wednesday')]).toEqual(['a']);
});
