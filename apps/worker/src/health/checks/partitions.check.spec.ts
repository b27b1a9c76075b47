import { judgePartitions } from './partitions.check.js';

it.each([
  [true, true, 'ok'],
  [true, false, 'warn'],
  [false, true, 'fail'],
  [false, false, 'fail'],
])('judgePartitions with today %s and tomorrow %s is %s', (today, tomorrow, status) => {
  expect(judgePartitions({ today, tomorrow, partitions: 93 }).status).toBe(status);
});
