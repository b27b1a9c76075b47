import assert from 'node:assert/strict';
import type pg from 'pg';
import type { PeriodFigures, StoredReport } from '#reports';
import { expectedReport } from './report-oracle.js';

type Figures = Readonly<Record<string, number | null>>;

const PERCENTILES = ['p50_execution_time_ms', 'p95_execution_time_ms', 'p99_execution_time_ms'] as const;
/** Of a sketch, relative. */
const PERCENTILE_ERROR = 0.01;
/** Sums of seconds are added up in different orders. */
const DECIMALS = 6;

/**
 * Asserts that the figures of a report are those of the raw events, as PostgreSQL counts them.
 * @param owner sees all events
 * @throws AssertionError
 */
export async function assertReport(
  owner: pg.ClientBase,
  organizationId: string,
  report: StoredReport,
): Promise<void> {
  const expected = await expectedReport(owner, organizationId, report.period);
  assertFigures(report.totals, expected.totals);
  assert.deepEqual(report.days, expected.days);
  const types = report.event_types.filter(({ count }) => count > 0);
  assert.deepEqual(
    types.map(({ type, count }) => ({ type, count })),
    expected.types,
  );
  const counts = (list: StoredReport['top_commands']) =>
    list.map(({ name, count, errors }) => ({ name, count, errors }));
  assert.deepEqual(counts(report.top_commands), expected.commands);
  assert.deepEqual(counts(report.top_agents), expected.agents);
  assert.deepEqual(report.devices, expected.devices);
  assert.deepEqual(report.sentiments, expected.sentiments);
  assert.deepEqual(report.users, expected.users);
  assert.equal(report.users_with_sessions, expected.users.length);
  const before = await periodBefore(owner, report);
  assertFigures(report.previous, (await expectedReport(owner, organizationId, before)).totals);
}

function assertFigures({ error_rate, ...found }: PeriodFigures, wanted: Figures): void {
  const { commands, agents, errors } = found;
  assert.equal(error_rate, commands + agents === 0 ? null : errors / (commands + agents));
  for (const name of PERCENTILES) {
    const [one, other] = [found[name], wanted[name]!];
    if (other === null) assert.equal(one, null);
    else assert.ok(Math.abs(one! / other - 1) <= PERCENTILE_ERROR, `${name} is ${one}, not ${other}`);
  }
  assert.deepEqual(exact(found), exact(wanted));
}

const exact = (
  figures: Readonly<Record<string, number | null>> | Omit<PeriodFigures, 'error_rate'>,
): Figures =>
  Object.fromEntries(
    Object.entries(figures)
      .filter(([name]) => !/^p\d\d_/.test(name))
      .map(([name, value]) => [name, value === null ? null : Number(Number(value).toFixed(DECIMALS))]),
  );

async function periodBefore(
  owner: pg.ClientBase,
  { kind, period }: StoredReport,
): Promise<StoredReport['period']> {
  const length = kind === 'weekly' ? "interval '7 days'" : "interval '1 month'";
  const { rows } = await owner.query<{ start: Date }>(
    `SELECT (($1::timestamptz AT TIME ZONE $2) - ${length}) AT TIME ZONE $2 AS start`,
    [period.start, period.time_zone],
  );
  return { ...period, start: rows[0]!.start.toISOString(), end: period.start };
}
