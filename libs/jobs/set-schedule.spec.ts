import { defineJob } from './define-job.js';
import { every, withIntervals } from './set-schedule.js';

class Settings {
  constructor(readonly seconds: number) {}
}

const run = async () => ({});
const often = defineJob({ name: 'often', schedule: every(Settings, ({ seconds }) => seconds), run });
const hourly = defineJob({ name: 'hourly', schedule: '0 * * * *', run });

describe('withIntervals', () => {
  it('asks the provider for the interval, and leaves other schedules as they are', () => {
    const jobs = withIntervals([often, hourly], () => new Settings(30));
    expect(jobs.map(({ name, schedule }) => [name, schedule])).toEqual([
      ['often', { everySeconds: 30 }],
      ['hourly', { cron: '0 * * * *', timeZone: 'UTC' }],
    ]);
  });

  it('names the job whose interval is not whole seconds', () => {
    expect(() => withIntervals([often], () => new Settings(0.5))).toThrow('the job often: every 0.5 seconds');
  });
});
