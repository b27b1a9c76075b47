import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/** How fast the installation is and how large: reports, and what the API's replicas add up for them. */
export class PerformanceReports1797500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE performance_reports (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        computed_at timestamptz NOT NULL,
        content jsonb NOT NULL
      );
      CREATE INDEX performance_reports_by_age ON performance_reports (computed_at);
      ${wall('performance_reports', null, { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- Queries by hour and route, of all replicas of the API.
      CREATE TABLE query_hours (
        hour timestamptz NOT NULL,
        method text NOT NULL,
        route text NOT NULL,
        seconds double precision NOT NULL,
        -- For each bound of DURATION_BOUNDS in libs/performance, how many took at most so long; then all.
        up_to double precision[] NOT NULL,
        PRIMARY KEY (hour, method, route)
      );
      ${wall('query_hours', null, { api: 'SELECT, INSERT, UPDATE (seconds, up_to)', worker: 'SELECT, DELETE' })}

      -- Answers that may be cached, by hour, of all replicas of the API.
      CREATE TABLE answer_cache_hours (
        hour timestamptz PRIMARY KEY,
        hits double precision NOT NULL,
        misses double precision NOT NULL
      );
      ${wall('answer_cache_hours', null, { api: 'SELECT, INSERT, UPDATE (hits, misses)', worker: 'SELECT, DELETE' })}

      ${STATEMENT_STATISTICS}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION statement_statistics;
      DROP TABLE answer_cache_hours, query_hours, performance_reports`);
  }
}

/**
 * SECURITY DEFINER: roles see the statements of their own only. NULL where the extension is absent, or its library is
 * not loaded. Only statements on rows, because commands such as CREATE ROLE may hold secrets. Constants are never there.
 */
const STATEMENT_STATISTICS = `
  CREATE FUNCTION statement_statistics(how_many integer) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    home name;
    found jsonb;
  BEGIN
    SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements';
    IF home IS NULL THEN RETURN NULL; END IF;
    EXECUTE format($query$
      WITH own AS (
        SELECT * FROM %1$I.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ), shown AS (
        SELECT left(query, 2000) AS query, sum(calls)::float8 AS calls, max(max_exec_time) AS max_ms,
               sum(total_exec_time) AS total_ms, sum(rows)::float8 AS rows
        FROM own WHERE query ~* '^\\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\\y' GROUP BY 1
      ), ranked AS (
        SELECT *, total_ms / calls AS avg_ms, row_number() OVER (ORDER BY total_ms DESC) AS by_total,
               row_number() OVER (ORDER BY total_ms / calls DESC) AS by_avg
        FROM shown WHERE calls > 0
      )
      SELECT jsonb_build_object(
        'since', (SELECT stats_reset FROM %1$I.pg_stat_statements_info),
        'hidden', (SELECT count(*) FROM own WHERE query = '<insufficient privilege>'),
        'slowest', coalesce((
          SELECT jsonb_agg(to_jsonb(r) - 'by_total' - 'by_avg' ORDER BY total_ms DESC) FROM ranked r
          WHERE by_total <= $1 OR by_avg <= $1), '[]'))
    $query$, home) INTO found USING how_many;
    RETURN found;
  EXCEPTION WHEN object_not_in_prerequisite_state OR undefined_table OR undefined_column THEN
    RETURN NULL;
  END $$;
  REVOKE ALL ON FUNCTION statement_statistics FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION statement_statistics TO ${ROLES.worker};`;
