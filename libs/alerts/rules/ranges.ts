import { WINDOW_SECONDS } from '#rollups';
import type { Condition } from './condition.js';

const MINUTE_MS = 60_000;
/** A day moves on every quarter of an hour: of an organization with many series, 1,440 minutes would be millions of rows. */
const DAY_STEP_MS = 15 * MINUTE_MS;
/** Minutes that the search for an event begins with. */
const SHORTEST_SEARCH = 5;

/** From inclusive, to exclusive, in milliseconds since the epoch. */
export type Range = readonly [from: number, to: number];

/**
 * Where to look for the value of a condition: in one range after the other, until one has events. They end with the minute of
 * the evaluation, so that an event counts at once. Pure.
 * @param now milliseconds since the epoch
 */
export function rangesOf(condition: Condition, now: number): readonly Range[] {
  if (condition.kind === 'threshold') {
    const step = condition.window === '1d' ? DAY_STEP_MS : MINUTE_MS;
    const to = Math.ceil(now / step) * step;
    return [[to - WINDOW_SECONDS[condition.window] * 1000, to]];
  }
  // Whole minutes before the one that has begun: silence is never shorter than the rule says.
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const spans: number[] = [];
  for (let span = SHORTEST_SEARCH; span < condition.minutes; span *= 4) spans.push(span);
  return [...spans, condition.minutes].map((span) => [minute - span * MINUTE_MS, to]);
}
