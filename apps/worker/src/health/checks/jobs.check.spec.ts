import { type JobState, judgeJobs } from './jobs.check.js';

const DUE = Date.parse('2026-11-27T10:00:00Z');
const job = (more: Partial<JobState>): JobState => ({
  ...{ name: 'hourly', catchesUp: true, last: DUE - 3_600_000, knownSince: 0, isPaused: false, ...more },
});

describe('judgeJobs', () => {
  it.each([
    [{}, 'ok', /^Every scheduled job/],
    [{ due: DUE, state: 'active' }, 'ok', /^Every scheduled job/],
    [{ due: DUE, state: 'waiting' }, 'warn', /it waits/],
    [{ due: DUE, state: 'delayed' }, 'warn', /will be tried again/],
    [{ due: DUE, state: 'failed' }, 'fail', /it failed/],
    [{ due: DUE, state: 'unknown' }, 'fail', /it was missed/],
    [{ due: DUE, state: 'completed' }, 'fail', /it was missed/],
    [{ due: DUE, state: 'unknown', catchesUp: false }, 'warn', /it was missed/],
    [{ due: DUE, state: 'unknown', isPaused: true }, 'warn', /is paused/],
  ])('with %j is %s', (state, status, says) => {
    expect(judgeJobs([job({}), job(state)])).toMatchObject({ status, summary: expect.stringMatching(says) });
  });

  it('names the job and the slot', () => {
    expect(judgeJobs([job({ due: DUE, state: 'failed' })]).summary).toMatch(
      /^The job hourly has not done its slot of 2026-11-27T10:00:00.000Z: it failed/,
    );
  });
});
