import { defineJob } from './define-job.js';
import { declaredRequests, declareRequest } from './requests.js';

const run = async () => ({});

describe('defineJob', () => {
  it('fills in the defaults', () => {
    expect(defineJob({ name: 'tidy-up', schedule: '0 3 * * *', run })).toEqual({
      name: 'tidy-up',
      schedule: { cron: '0 3 * * *', timeZone: 'UTC' },
      catchUp: 1,
      atStart: false,
      options: {},
      inject: [],
      run,
    });
  });

  it('names the job with the invalid schedule', () => {
    expect(() => defineJob({ name: 'tidy-up', schedule: 'daily', run })).toThrow('the job tidy-up: "daily"');
    expect(() => defineJob({ name: 'tidy-up', schedule: '0 3 * * *', timeZone: 'Nowhere', run })).toThrow(
      'the job tidy-up: Invalid time zone',
    );
  });

  it('refuses a name that cannot be part of an id', () => {
    expect(() => defineJob({ name: 'tidy:up', schedule: '0 3 * * *', run })).toThrow('tidy:up');
  });

  it('has the name of the request it answers', () => {
    const request = declareRequest<{ readonly exportId: string }>('export-test');
    const job = defineJob({ request, run: async ({ payload }) => ({ length: payload.exportId.length }) });
    expect([job.name, job.schedule]).toEqual(['export-test', null]);
    expect(declaredRequests()).toContain('export-test');
    expect(() => declareRequest('export-test')).toThrow('declared twice');
  });
});
