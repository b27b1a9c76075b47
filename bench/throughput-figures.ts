import type { Cpu, Throughput } from './end-to-end.js';
import type { Figures } from './report.js';
import { mean } from './statistics.js';

/** The figures of (b) and (e) from the runs with either queue. */
export function throughputFigures(
  copy: number,
  redis: readonly Throughput[],
  postgres: readonly Throughput[],
): Figures {
  const rate = (runs: readonly Throughput[]) => mean(runs.map((run) => run.eventsPerSecond));
  const figures: Figures = {
    copy_events_per_s: copy,
    e2e_redis_events_per_s: rate(redis),
    e2e_redis_ratio: rate(redis) / copy,
    e2e_postgres_events_per_s: rate(postgres),
    e2e_postgres_ratio: rate(postgres) / copy,
    rss_mb: Math.max(...[...redis, ...postgres].map(({ rssMb }) => rssMb.api + rssMb.worker)),
  };
  for (const [prefix, runs] of [
    ['', redis],
    ['postgres_queue_', postgres],
  ] as const) {
    for (const name of Object.keys(runs[0]!.cpuPerMillion) as (keyof Cpu)[]) {
      if (prefix && name === 'redis') continue;
      figures[`${prefix}cpu_s_per_million_${name}`] = mean(runs.map((run) => run.cpuPerMillion[name]));
    }
  }
  return figures;
}
