import { judgeLedger } from './ledger.check.js';

const WELL = {
  ...{ batches: 10, received: 1000, stored: 990, duplicate: 1, dead_lettered: 9, unbalanced: 0 },
  newest_seconds: 3,
};

describe('judgeLedger', () => {
  it.each([
    [{}, 'ok'],
    [{ dead_lettered: 10 }, 'warn'],
    [{ dead_lettered: 100 }, 'fail'],
    [{ received: 0, dead_lettered: 0, newest_seconds: null }, 'ok'],
    [{ unbalanced: 1 }, 'fail'],
  ])('with %j is %s', (figures, status) => {
    expect(judgeLedger({ ...WELL, ...figures }).status).toBe(status);
  });
});
