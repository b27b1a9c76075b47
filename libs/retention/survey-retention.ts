import type { RetentionSettings } from '#config';
import { listAllOrganizations } from '#identity';
import { EventDayStore } from './days/event-day.store.js';
import { cutoffOf, ownersOf } from './enforce-retention.js';
import { daysToClear } from './events/delete-events.js';
import { ExpiredEventsStore } from './events/expired-events.store.js';
import { HorizonStore } from './horizons/horizon.store.js';
import { planRetention, type RetentionPlan } from './plan/plan.js';
import { DAYS, EVENTS, ROWS_RULES, type RowsRule, SERIES } from './plan/rules.js';
import { ExpiredRowsStore } from './rows/expired-rows.store.js';
import { ExpiredSeriesStore } from './series/expired-series.store.js';
import type { Expired, Run } from './transactions/run.js';

/**
 * Counts what `enforceRetention` would delete, by the name of the rule, and changes nothing.
 * @param now milliseconds since the epoch
 */
export async function surveyRetention(
  { pool, signal }: Run,
  settings: RetentionSettings,
  now: number,
): Promise<ReadonlyMap<string, Expired>> {
  const plan = planRetention(await listAllOrganizations(pool), settings, now);
  const found = new Map([
    [DAYS, await surveyDays(pool, plan)],
    [EVENTS, await surveyEvents(pool, plan, now)],
    [SERIES, await surveySeries(pool, plan)],
  ]);
  for (const rule of ROWS_RULES) {
    signal.throwIfAborted();
    found.set(rule.name, await surveyRule(pool, rule, plan));
  }
  return found;
}

async function surveyDays(pool: Run['pool'], { shared }: RetentionPlan): Promise<Expired> {
  const store = new EventDayStore(pool);
  const days = await store.before(shared.EVENT_RETENTION_DAYS);
  const events = await inTurn(days, async (day) => ({ rows: await store.events(day), bytes: day.bytes }));
  return sumOf(events);
}

async function surveyEvents(pool: Run['pool'], plan: RetentionPlan, now: number): Promise<Expired> {
  const days = (await new EventDayStore(pool).before(now)).filter(
    ({ from }) => from >= plan.shared.EVENT_RETENTION_DAYS,
  );
  const standing = await new HorizonStore(pool).all();
  const found = await inTurn([...plan.organizations], async ([organizationId, cutoffs]) => {
    const eventsFrom = Math.max(cutoffs.EVENT_RETENTION_DAYS, standing.get(organizationId)?.eventsFrom ?? 0);
    const clearedUntil = standing.get(organizationId)?.clearedUntil ?? null;
    const store = new ExpiredEventsStore(pool, organizationId);
    return sumOf(
      await inTurn(
        daysToClear(days, { organizationId, eventsFrom, clearedUntil, metricsFrom: 0, minutesFrom: 0 }),
        ({ from, to }) => store.survey({ from: new Date(from), to: new Date(to) }),
      ),
    );
  });
  return sumOf(found);
}

async function surveySeries(pool: Run['pool'], { organizations }: RetentionPlan): Promise<Expired> {
  const found = await inTurn([...organizations], ([id, cutoffs]) =>
    new ExpiredSeriesStore(pool, id, new Date(cutoffs.EVENT_RETENTION_DAYS)).survey(),
  );
  return sumOf(found);
}

async function surveyRule(pool: Run['pool'], rule: RowsRule, plan: RetentionPlan): Promise<Expired> {
  if (rule.isShared) return new ExpiredRowsStore(rule, cutoffOf(rule, plan.shared)).survey(pool, []);
  const found = await inTurn(ownersOf(plan), ([id, cutoffs]) =>
    new ExpiredRowsStore(rule, cutoffOf(rule, cutoffs)).survey(pool, [id]),
  );
  return sumOf(found);
}

/** One after the other: a survey must not take all connections. */
async function inTurn<T, U>(list: readonly T[], work: (one: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const one of list) results.push(await work(one));
  return results;
}

const sumOf = (list: readonly Expired[]): Expired => ({
  rows: list.reduce((sum, { rows }) => sum + rows, 0),
  bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
});
