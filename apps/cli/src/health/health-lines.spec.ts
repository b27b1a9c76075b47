import { healthReport } from '#health';
import { healthLines } from './health-lines.js';

it('prints the status and a line for each check, the worst first', () => {
  const check = (name: string, status: 'ok' | 'warn') => ({
    ...{ name, status, summary: `${name} is ${status}.` },
    ...{ figures: {}, duration_ms: 1 },
  });
  const report = healthReport([
    {
      ...{ slot: new Date(0), checked_at: new Date('2026-11-27T10:15:00.4Z'), every_seconds: 300 },
      ...{ status: 'warn', age_seconds: 41.2, checks: [check('disk', 'ok'), check('dead-letters', 'warn')] },
    },
  ]);
  expect(healthLines(report)).toEqual([
    'warn  warn: dead-letters (2026-11-27T10:15:00.400Z, 41 s ago)',
    'warn  dead-letters  dead-letters is warn.',
    'ok    disk          disk is ok.',
  ]);
  expect(healthLines(healthReport([]))).toEqual([
    'fail  No worker has checked health yet. Start a worker, and wait for HEALTH_CHECK_INTERVAL.',
  ]);
});
