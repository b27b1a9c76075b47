import { Pool } from 'pg';
import type { Verdict } from '#health';
import { latestReports } from '#replicas';
import { defineCheck } from './define-check.js';
import { reached, verdictOf } from './judge.js';

/**
 * Milliseconds from PostgreSQL's clock. A second is more than any report takes to arrive, and figures of latency are wrong
 * by it; by a minute events count in the wrong bucket, and slots run at the wrong time.
 */
const LIMITS = { warn: 1_000, fail: 60_000 };

/**
 * @param aheadMs how far the clock of each process is ahead of PostgreSQL's, in milliseconds. Pure.
 */
export function judgeClock(aheadMs: readonly number[]): Verdict {
  const [first, last] = [Math.min(0, ...aheadMs), Math.max(0, ...aheadMs)].map(Math.round) as [
    number,
    number,
  ];
  const between = last - first;
  const figures = { processes: aheadMs.length, behind_ms: -first, ahead_ms: last, between_ms: between };
  return verdictOf('The clocks of all processes agree with that of PostgreSQL.', figures, [
    ...reached(
      Math.max(-first, last),
      LIMITS,
      `Clocks differ: from that of PostgreSQL, processes are up to ${-first} ms behind and ${last} ms ahead. Let all ` +
        'machines keep time with NTP.',
    ),
  ]);
}

/** Whether the clocks of all machines agree. Every process reports its own. */
export const clock = defineCheck({
  name: 'clock',
  inject: [Pool],
  run: async (_context, pool) =>
    judgeClock((await latestReports(pool)).map(({ clock_ahead_ms }) => clock_ahead_ms)),
});
