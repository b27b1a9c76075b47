import { judgeDeadLetters } from './dead-letters.check.js';

const letters = (events: number, jobs: number) => ({ events, jobs, max_jobs: 100 });

describe('judgeDeadLetters', () => {
  it.each([
    ['the first run', letters(5, 5), null, 'ok'],
    ['as many as before', letters(5, 5), letters(5, 5), 'ok'],
    ['fewer than before', letters(4, 4), letters(5, 5), 'ok'],
    ['one more event', letters(6, 5), letters(5, 5), 'warn'],
    ['one more job', letters(5, 6), letters(5, 5), 'warn'],
    ['a queue just under half', letters(0, 49), null, 'ok'],
    ['a queue half full', letters(0, 50), null, 'warn'],
    ['a queue nearly full', letters(0, 90), null, 'fail'],
  ])('with %s', (_name, now, before, status) => {
    expect(judgeDeadLetters(now, before).status).toBe(status);
  });
});
