import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { enforceRetention, type RetentionCounts } from '#retention';
import { closePastDays, fillPastDays, today } from '../closed.js';
import { createBenchDatabase } from '../database.js';
import { measureThroughput, type Stage, startPipeline, stopPipeline } from '../end-to-end.js';
import { vacuum } from '../growth.js';
import type { BenchServers } from '../main.js';
import { type Figures, type Line, renderTable, writeFigures } from '../report.js';
import { watchGaps } from './gaps.js';

/** Five million events on 30 days, and yesterday, which stays. */
const PAST = { days: 31, thousandsPerDay: 167, seed: 20_261_122 };
const KEPT_DAYS = 1;
const BATCHES = 600;
const SECONDS = 30;
/** Seconds of load before retention begins. */
const USUAL_SECONDS = 10;

const LINES: readonly Line[] = [
  ['days dropped', 'days_dropped', ''],
  ['    with events', 'events_dropped', ''],
  ['    took', 'drop_s', 's', 'under 2'],
  ['    and pauses, for ingestion', 'pauses_s', 's'],
  ['no event is stored for at most, before', 'usual_gap_ms', 'ms'],
  ['    while days are dropped', 'drop_gap_ms', 'ms', 'under 200'],
];

/** Drops 30 days with five million events while events come in at half the full rate. */
export async function runRetention({ postgresUrl, output, ...servers }: BenchServers): Promise<void> {
  const database = await createBenchDatabase(postgresUrl, 'bench_retention');
  // Or the worker makes them again.
  const serviceEnvironment = { ...servers.serviceEnvironment, EVENT_RETENTION_DAYS: String(PAST.days) };
  const stage: Stage = { database, ...servers, serviceEnvironment };
  await fillPastDays(database, stage.postgresPid, PAST);
  // As in life: retention meets closed days.
  await closePastDays(database.url, stage.postgresPid);
  await vacuum(database.url);
  // Partitions without rows are there for older events.
  await enforce(database.url, PAST.days);
  console.log(`filled and closed ${PAST.days} days of ${PAST.thousandsPerDay},000 events`);
  const pipeline = await startPipeline(stage);
  const load = { eventsPerRequest: 1000, connections: 8 };
  const full = await measureThroughput(stage, pipeline, {
    ...load,
    requests: BATCHES,
    seed: 1,
    spreadSeconds: 10,
  });
  const rate = full.eventsPerSecond / load.eventsPerRequest / 2;
  const requests = Math.ceil(rate * SECONDS);
  const running = measureThroughput(stage, pipeline, {
    ...load,
    rate,
    requests,
    seed: 2,
    spreadSeconds: SECONDS,
  });
  const figures = await dropDays(database.url);
  await running;
  await stopPipeline(pipeline);
  writeFigures(output, figures);
  console.log(`\nat ${Math.round(full.eventsPerSecond / 2)} events/s\n${renderTable(figures, LINES)}`);
}

async function dropDays(databaseUrl: string): Promise<Figures> {
  const usual = await watchGaps(databaseUrl);
  await sleep(USUAL_SECONDS * 1000);
  const usualGap = await usual();
  const dropping = await watchGaps(databaseUrl);
  const { counts, seconds, pauses } = await enforce(databaseUrl, KEPT_DAYS);
  const dropGap = await dropping();
  return {
    days_dropped: counts.days!,
    events_dropped: counts.events!,
    drop_s: seconds,
    pauses_s: pauses,
    usual_gap_ms: usualGap,
    drop_gap_ms: dropGap,
  };
}

interface Enforced {
  readonly counts: RetentionCounts;
  readonly seconds: number;
  readonly pauses: number;
}

/** Runs retention. @returns what it deleted; until the days were gone, seconds of work and of pauses for ingestion */
async function enforce(databaseUrl: string, days: number): Promise<Enforced> {
  const pool = createPool({ databaseUrl, role: 'worker', size: 2 });
  const settings = loadEnvironment({ DATABASE_URL: databaseUrl, EVENT_RETENTION_DAYS: String(days) });
  let paused = 0;
  const pause = async (ms: number) => {
    const at = performance.now();
    await sleep(ms);
    paused += performance.now() - at;
  };
  const run = { pool, signal: new AbortController().signal, pause };
  const began = performance.now();
  let took = { seconds: Number.NaN, pauses: Number.NaN };
  const counts = await enforceRetention(run, settings, today() + 1, async (rule) => {
    // The first report is after the days, the others are about rows.
    if (rule === 1) took = { seconds: (performance.now() - began - paused) / 1000, pauses: paused / 1000 };
  });
  await pool.end();
  return { counts, ...took };
}
