import { createBenchDatabase } from '../database.js';
import {
  measureThroughput,
  type Stage,
  startPipeline,
  stopPipeline,
  type Throughput,
} from '../end-to-end.js';
import type { Crowd } from '../events.js';
import type { BenchServers } from '../main.js';
import { type Figures, renderTable, writeFigures } from '../report.js';
import { assertBalance } from './balance.js';
import { SOAK_LINES } from './lines.js';
import { type Memory, sampleMemory } from './memory.js';
import { measureOverhead } from './overhead.js';

const EVENTS_PER_SECOND = 12_000;
const EVENTS_PER_REQUEST = 1000;
const SEED = 20_261_122;
const USUAL_MINUTES = 15;

/** One organization has all events. */
const ALONE = { exponent: 100 };
const SHAPES: Readonly<Record<string, Crowd>> = {
  usual: { ...ALONE, users: 20_000, sessionsPerUser: 5 },
  large: { ...ALONE, users: 500_000, sessionsPerUser: 2 },
};

/**
 * Sends 12,000 events a second of one organization for a quarter of an hour, from a usual and from a large crowd, and watches
 * the worker's memory. Then compares full rates with scheduled jobs and without.
 * @param args `--minutes <n>`
 */
export async function runSoak(
  { postgresUrl, output, ...servers }: BenchServers,
  args: readonly string[],
): Promise<void> {
  const minutes = minutesOf(args);
  const figures: Figures = {};
  const stageOf = async (name: string): Promise<Stage> => ({
    ...servers,
    database: await createBenchDatabase(postgresUrl, name),
  });
  for (const [name, crowd] of Object.entries(SHAPES)) {
    const stage = await stageOf(`bench_soak_${name}`);
    Object.assign(figures, figuresOf(name, await soak(stage, crowd, minutes)));
  }
  figures.jobs_on_ratio = await measureOverhead(await stageOf('bench_overhead'));
  writeFigures(output, figures);
  console.log(`\n${renderTable(figures, SOAK_LINES)}`);
}

interface Soaked extends Throughput {
  readonly memory: Memory;
}

async function soak(stage: Stage, crowd: Crowd, minutes: number): Promise<Soaked> {
  const pipeline = await startPipeline(stage);
  const stop = sampleMemory(pipeline.worker.pid!);
  const rate = EVENTS_PER_SECOND / EVENTS_PER_REQUEST;
  const spreadSeconds = minutes * 60;
  const load = { eventsPerRequest: EVENTS_PER_REQUEST, connections: 4, seed: SEED, crowd, isLong: true };
  const result = await measureThroughput(stage, pipeline, {
    ...{ ...load, rate, spreadSeconds, requests: Math.round(rate * spreadSeconds) },
  });
  const memory = stop();
  await stopPipeline(pipeline);
  const { accepted, statuses } = result.load;
  await assertBalance(stage.database.url, accepted, (statuses[503] ?? 0) * EVENTS_PER_REQUEST);
  return { ...result, memory };
}

function figuresOf(name: string, { memory, eventsPerSecond, cpuPerMillion }: Soaked): Figures {
  const byMinute = memory.byMinute.map((mb) => mb.toFixed()).join(' ');
  console.log(`${name}: ${Math.round(eventsPerSecond)} events/s; MB of the worker by minute: ${byMinute}`);
  return {
    [`${name}_events_per_s`]: eventsPerSecond,
    [`${name}_worker_max_mb`]: memory.max,
    [`${name}_worker_p95_mb`]: memory.p95,
    [`${name}_cpu_s_per_million_worker`]: cpuPerMillion.worker,
    [`${name}_cpu_s_per_million_postgres`]: cpuPerMillion.postgres,
  };
}

function minutesOf(args: readonly string[]): number {
  const at = args.indexOf('--minutes');
  const minutes = at < 0 ? USUAL_MINUTES : Number(args[at + 1]);
  if (!(minutes > 0)) throw new Error('--minutes takes a positive number');
  return minutes;
}
