import { AdmittedSeries } from './admitted-series.js';

describe('AdmittedSeries', () => {
  it('drops the least recently used types and days', () => {
    const series = new AdmittedSeries(4);
    for (const name of ['a', 'b', 'a']) series.add('monday', name);
    for (const name of ['a', 'b']) series.add('tuesday', name);
    expect([...series.of('monday')]).toEqual(['a', 'b']);
    series.add('wednesday', 'a');
    expect([...series.of('tuesday')]).toEqual([]);
    expect([...series.of('monday')]).toEqual(['a', 'b']);
    expect([...series.of('wednesday')]).toEqual(['a']);
  });

  it('starts over for a type and day with more series than fit', () => {
    const series = new AdmittedSeries(2);
    for (const name of ['a', 'b', 'c', 'd']) series.add('monday', name);
    expect([...series.of('monday')]).toEqual(['d']);
  });
});
