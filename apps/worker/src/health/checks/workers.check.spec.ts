import type { ReplicaKind } from '#replicas';
import { judgeWorkers } from './workers.check.js';

const report = (kind: ReplicaKind, age_seconds: number) => ({ kind, age_seconds, clock_ahead_ms: 0 });

describe('judgeWorkers', () => {
  it.each([
    [
      'a worker and an API',
      [report('worker', 14.9), report('api', 1)],
      'ok',
      /^1 worker and 1 API process report/,
    ],
    ['nothing', [], 'fail', /^No worker reports.*No API process reports/],
    ['no worker', [report('api', 1)], 'fail', /^No worker reports/],
    ['no API', [report('worker', 1)], 'warn', /^No API process reports/],
    [
      'a silent worker beside another',
      [report('worker', 1), report('worker', 15), report('api', 1)],
      'warn',
      /^worker: ended without a word, or silent for 15 s/,
    ],
  ] as const)('with %s', (_name, reports, status, says) => {
    expect(judgeWorkers(reports)).toMatchObject({ status, summary: expect.stringMatching(says) });
  });
});
