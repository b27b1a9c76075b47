import type { Replica, ReplicaFigures } from '#replicas';

/** How the installation is doing. Numbers have at most three decimals. */
export interface Performance {
  /** Events of the organization per second. */
  readonly ingestion_rate: number;
  readonly processing_latency_ms: number | null;
  readonly query_response_time_ms: number | null;
  readonly memory_usage_mb: number;
  readonly active_connections: number;
  readonly cache_hit_rate: number | null;
  readonly api_replicas: number;
  readonly workers: number;
}

/**
 * Adds up the figures of all processes. Pure.
 * @param received events of the last minute
 */
export function renderPerformance(received: number, replicas: readonly Replica[]): Performance {
  const sum = (name: keyof ReplicaFigures) =>
    replicas.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  const number = (kind: Replica['kind']) => replicas.filter((replica) => replica.kind === kind).length;
  const hits = sum('cache_hits');
  return {
    ingestion_rate: rounded(received / 60),
    processing_latency_ms: ratio(sum('event_ms'), sum('events')),
    query_response_time_ms: ratio(sum('query_ms'), sum('queries')),
    memory_usage_mb: rounded(sum('memory_bytes') / 1e6),
    active_connections: sum('connections'),
    cache_hit_rate: ratio(hits, hits + sum('cache_misses')),
    api_replicas: number('api'),
    workers: number('worker'),
  };
}

const ratio = (dividend: number, divisor: number) => (divisor === 0 ? null : rounded(dividend / divisor));
const rounded = (value: number) => Math.round(value * 1000) / 1000;
