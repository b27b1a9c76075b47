import type { ClientBase } from 'pg';

/** Queries of a route and method, over all replicas of the API. */
export interface RouteDurations {
  readonly method: string;
  readonly route: string;
  readonly seconds: number;
  /** For each of DURATION_BOUNDS, how many took at most so long; then all. */
  readonly up_to: readonly number[];
}

const ROUTES = `
  SELECT method, route, sum(seconds) AS seconds,
         (SELECT array_agg(n ORDER BY i) FROM (
            SELECT i, sum(n) AS n
            FROM query_hours q, unnest(q.up_to) WITH ORDINALITY AS u(n, i)
            WHERE q.hour >= to_timestamp($1::float8 / 1000) AND (q.method, q.route) = (h.method, h.route) GROUP BY i
          ) AS sums) AS up_to
  FROM query_hours h WHERE hour >= to_timestamp($1::float8 / 1000) GROUP BY method, route`;

const ANSWERS = `
  SELECT coalesce(sum(hits), 0)::float8 AS hits, coalesce(sum(misses), 0)::float8 AS misses
  FROM answer_cache_hours WHERE hour >= to_timestamp($1::float8 / 1000)`;

/** Reads what the replicas of the API have added up. */
export class QueryHoursReadModel {
  /** @param since start of an hour, in milliseconds since the epoch */
  constructor(
    private readonly client: ClientBase,
    private readonly since: number,
  ) {}

  async routes(): Promise<RouteDurations[]> {
    return (await this.client.query<RouteDurations>(ROUTES, [this.since])).rows;
  }

  /** Answers that may be cached, by whether they were. */
  async answers(): Promise<{ readonly hits: number; readonly misses: number }> {
    const { rows } = await this.client.query<{ hits: number; misses: number }>(ANSWERS, [this.since]);
    return rows[0]!;
  }
}
