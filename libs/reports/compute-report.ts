import { questionOf, type Snapshot, scopeOf } from '#people';
import { knownTypes } from '#rollups';
import type { Report, Watermark } from './content/report.js';
import { changesOf } from './figures/changes.js';
import { figuresOfDays } from './figures/day-figures.js';
import { figuresOfPeriods } from './figures/period-figures.js';
import { qualityOf } from './figures/quality.read-model.js';
import { usersOfReport } from './figures/report-users.read-model.js';
import { topFigures } from './figures/top-figures.js';
import { unusualDays } from './figures/unusual-days.js';
import { HISTORY_DAYS, type ReportPeriod } from './period/report-period.js';
import { finishedErasures } from './stored/finished-erasures.read-model.js';

/** What a report of the period would be computed from now. Takes milliseconds; to compute the report, seconds. */
export async function watermarkOf(snapshot: Snapshot, period: ReportPeriod): Promise<Watermark> {
  return watermarkFrom(snapshot, period, await typesSince(snapshot, period.days[0]!));
}

async function watermarkFrom(
  { client, organizationId, rollups }: Snapshot,
  { days }: ReportPeriod,
  types: readonly string[],
): Promise<Watermark> {
  const scope = scopeOf([days[0]!, days.at(-1)!]);
  const [series] = await rollups.series(questionOf(scope, { types, groupBy: [], statistics: ['count'] }));
  return {
    events: series?.totals[0]?.[0] ?? 0,
    erasures: await finishedErasures(client, organizationId),
  };
}

/**
 * Computes the report of a period from what is counted, in one snapshot.
 * @param now milliseconds since the epoch
 */
export async function computeReport(snapshot: Snapshot, period: ReportPeriod, now: number): Promise<Report> {
  const { client, organizationId } = snapshot;
  const { kind, from, to, timeZone, days } = period;
  const types = await typesSince(snapshot, days[0]!);
  const watermark = await watermarkFrom(snapshot, period, types);
  const periods = await figuresOfPeriods(snapshot, period, types);
  const allDays = await figuresOfDays(snapshot, period, types);
  const [history, own] = [allDays.slice(0, HISTORY_DAYS), allDays.slice(HISTORY_DAYS)];
  const top = await topFigures(snapshot, period);
  return {
    ...{ kind, period: { start: iso(from), end: iso(to), time_zone: timeZone } },
    ...{ watermark, computed_at: iso(now), late_events: 0 },
    ...{ totals: periods.totals, previous: periods.previous },
    change: changesOf(periods.totals, periods.previous),
    ...{ days: own, unusual: unusualDays(history, own) },
    ...{ top_commands: top.commands, top_agents: top.agents },
    event_types: periods.types
      .filter(({ count, previous }) => count > 0 || previous > 0)
      .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
    ...{ devices: periods.devices, sentiments: top.sentiments },
    ...(await usersOfReport(client, organizationId, period)),
    quality: await qualityOf(client, organizationId, period),
  };
}

async function typesSince({ client, organizationId }: Snapshot, since: number): Promise<string[]> {
  return (await knownTypes(client, organizationId, since)).map(({ type }) => type);
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
