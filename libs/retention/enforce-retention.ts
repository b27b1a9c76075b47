import type { RetentionSettings } from '#config';
import { listAllOrganizations, NO_ORGANIZATION } from '#identity';
import { dropDays } from './days/drop-days.js';
import { EventDayStore } from './days/event-day.store.js';
import { deleteEvents } from './events/delete-events.js';
import { raiseHorizons } from './horizons/raise-horizons.js';
import { planRetention, type RetentionPlan } from './plan/plan.js';
import { DAYS, EVENTS, ROWS_RULES, type RowsRule, SERIES } from './plan/rules.js';
import { deleteRows } from './rows/delete-rows.js';
import { deleteSeries } from './series/delete-series.js';
import type { Run } from './transactions/run.js';

/** What each rule deleted: days, events, and rows by the name of their rule. */
export type RetentionCounts = Readonly<Record<string, number>>;

/**
 * Deletes what is no longer kept. Whatever ends it, the next run goes on.
 * @param now milliseconds since the epoch
 * @param progress called after each rule
 * @throws the signal's reason when it aborts; the server's error
 */
export async function enforceRetention(
  run: Run,
  settings: RetentionSettings,
  now: number,
  progress: (done: number, total: number) => Promise<void> = async () => {},
): Promise<RetentionCounts> {
  const plan = planRetention(await listAllOrganizations(run.pool), settings, now);
  // First: nobody stores events any more of what is deleted next.
  const horizons = await raiseHorizons(run, plan);
  const total = ROWS_RULES.length + 3;
  const dropped = await dropDays(run, plan.shared.EVENT_RETENTION_DAYS);
  await progress(1, total);
  let events = dropped.events;
  const days = await new EventDayStore(run.pool).before(now);
  for (const horizon of horizons.values()) events += await deleteEvents(run, days, horizon);
  await progress(2, total);
  let series = 0;
  for (const horizon of horizons.values()) series += await deleteSeries(run, horizon);
  await progress(3, total);
  const counts: Record<string, number> = { [DAYS]: dropped.days, [EVENTS]: events, [SERIES]: series };
  for (const [i, rule] of ROWS_RULES.entries()) {
    counts[rule.name] = await followRule(run, rule, plan);
    await progress(i + 4, total);
  }
  return counts;
}

async function followRule(run: Run, rule: RowsRule, plan: RetentionPlan): Promise<number> {
  if (rule.isShared) return deleteRows(run, rule, [], cutoffOf(rule, plan.shared));
  let rows = 0;
  for (const [id, cutoffs] of ownersOf(plan))
    rows += await deleteRows(run, rule, [id], cutoffOf(rule, cutoffs));
  return rows;
}

/** Who has rows: the organizations, and the operator with what is about the installation. */
export const ownersOf = ({ organizations, shared }: RetentionPlan) =>
  [...organizations, [NO_ORGANIZATION, shared]] as const;

const DAY_MS = 86_400_000;

/** The first instant that a rule keeps. */
export const cutoffOf = ({ setting, extraDays = 0 }: RowsRule, cutoffs: RetentionPlan['shared']) =>
  cutoffs[setting] - extraDays * DAY_MS;
