import type { ClientBase } from 'pg';

/** Seconds after which a process counts as gone. It reports every five. */
const GONE_AFTER = 15;

export type ReplicaKind = 'api' | 'worker';

/**
 * What a process measures of itself. Everything adds up over processes: averages are sent as sum and number. A process
 * leaves out what it does not have.
 */
export type ReplicaFigures = Readonly<
  Partial<{
    /** Resident memory. */
    memory_bytes: number;
    /** Open HTTP connections. */
    connections: number;
    /** Queries answered in the last minute. */
    queries: number;
    /** Milliseconds that they took together. */
    query_ms: number;
    /** Queries of the last minute whose answer was in the cache. */
    cache_hits: number;
    /** Queries of the last minute whose answer may be cached and was not. */
    cache_misses: number;
    /** Events committed in the last minute. */
    events: number;
    /** Milliseconds from receipt to commit, of these events together. */
    event_ms: number;
  }>
>;

/** A process that runs now. */
export interface Replica {
  readonly kind: ReplicaKind;
  readonly figures: ReplicaFigures;
}

/** The processes that have reported in the last 15 seconds. */
export async function recentReplicas(client: ClientBase): Promise<Replica[]> {
  const { rows } = await client.query<Replica>(
    'SELECT kind, figures FROM replicas WHERE reported_at >= now() - make_interval(secs => $1)',
    [GONE_AFTER],
  );
  return rows;
}
