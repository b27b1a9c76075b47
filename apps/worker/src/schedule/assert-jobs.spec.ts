import { defineJob, defineLoop, every } from '#jobs';
import * as list from '../jobs/jobs.js';
import { assertJobs, jobFaults } from './assert-jobs.js';

const named = (...names: string[]) => names.map((name) => ({ name }));

describe('jobFaults', () => {
  it('is empty when every name is unique and every request is answered', () => {
    expect(jobFaults(named('tidy-up', 'export'), named('compaction'), ['export'])).toEqual([]);
  });

  it('reports names used twice, among jobs, among loops and across both', () => {
    expect(jobFaults(named('a', 'b', 'a'), named('c', 'b', 'c'), [])).toEqual([
      'there are two jobs or loops named a',
      'there are two jobs or loops named b',
      'there are two jobs or loops named c',
    ]);
  });

  it('reports a request that no job answers, even if a loop has its name', () => {
    expect(jobFaults(named('tidy-up'), named('export'), ['export', 'tidy-up'])).toEqual([
      'no job answers the request export',
    ]);
  });
});

describe('assertJobs', () => {
  class Missing {}

  it('names the job or loop whose injection is missing', () => {
    const job = defineJob({
      name: 'tidy-up',
      schedule: '0 3 * * *',
      inject: [Missing],
      run: async () => ({}),
    });
    const loop = defineLoop({ name: 'watch', everyMs: 1000, inject: [Missing], run: () => {} });
    const provider = () => {
      throw new Error('not found');
    };
    expect(() => assertJobs([job], [loop], provider)).toThrow(
      'tidy-up injects Missing, which no module provides; watch injects Missing, which no module provides',
    );
    expect(() => assertJobs([job], [loop], () => new Missing())).not.toThrow();
    const set = defineJob({ name: 'often', schedule: every(Missing, () => 1), run: async () => ({}) });
    expect(() => assertJobs([set], [], provider)).toThrow('often injects Missing, which no module provides');
  });
});

describe('the list of jobs', () => {
  it('has unique names', () => {
    expect(jobFaults(Object.values(list), [], [])).toEqual([]);
  });
});
