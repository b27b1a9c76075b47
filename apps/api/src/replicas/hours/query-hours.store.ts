import type { Pool, QueryConfig } from 'pg';
import type { RouteSum } from '../../metrics/request-counts.js';

/** Milliseconds after which a statement is given up, so that a database that hangs does not hold up the shutdown. */
const TIMEOUT_MS = 2_000;

/** Routes come in one order, so that replicas do not wait for each other in a circle. */
const ADD = `
  WITH routes AS (
    INSERT INTO query_hours AS h (hour, method, route, seconds, up_to)
    SELECT date_trunc('hour', now(), 'UTC'), method, route, seconds, ARRAY(SELECT jsonb_array_elements_text(up_to)::float8)
    FROM jsonb_to_recordset($1) AS n(method text, route text, seconds float8, up_to jsonb) ORDER BY method, route
    ON CONFLICT (hour, method, route) DO UPDATE SET
      seconds = h.seconds + EXCLUDED.seconds,
      up_to = ARRAY(SELECT a + b FROM unnest(h.up_to, EXCLUDED.up_to) WITH ORDINALITY AS u(a, b, i) ORDER BY i)
  )
  INSERT INTO answer_cache_hours AS h (hour, hits, misses)
  SELECT date_trunc('hour', now(), 'UTC'), $2::float8, $3::float8 WHERE $2::float8 + $3::float8 > 0
  ON CONFLICT (hour) DO UPDATE SET hits = h.hits + EXCLUDED.hits, misses = h.misses + EXCLUDED.misses`;

/** SQL of what all replicas add up, by hour. */
export class QueryHoursStore {
  constructor(private readonly pool: Pool) {}

  /** Adds to the hour that runs, by PostgreSQL's clock. */
  async add(
    routes: readonly RouteSum[],
    { hits, misses }: { readonly hits: number; readonly misses: number },
  ): Promise<void> {
    const rows = routes.map(({ upTo, ...route }) => ({ ...route, up_to: upTo }));
    const values = [JSON.stringify(rows), hits, misses];
    // The types do not know the timeout of a single query.
    const query: QueryConfig & { query_timeout: number } = { text: ADD, values, query_timeout: TIMEOUT_MS };
    await this.pool.query(query);
  }
}
