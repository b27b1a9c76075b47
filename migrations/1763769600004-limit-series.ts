import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/** Limits the series of a type and day that are counted separately. */
export class LimitSeries1763769600004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The limit is fixed by the day's first event. A series counted under __other__ stays there for the day, so
      -- that admitted_series alone tells which events those are.
      CREATE TABLE series_counts (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        day date NOT NULL,
        series integer NOT NULL DEFAULT 0,
        max_series integer NOT NULL,
        exceeded_at timestamptz,
        PRIMARY KEY (organization_id, type, day)
      );
      CREATE INDEX series_exceeded ON series_counts (organization_id, day) WHERE exceeded_at IS NOT NULL;
      ${wall('series_counts', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, UPDATE, DELETE' })}

      CREATE TABLE admitted_series (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        day date NOT NULL,
        dimensions jsonb NOT NULL,
        PRIMARY KEY (organization_id, type, day, dimensions)
      );
      ${wall('admitted_series', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- Admits as many of the given series as fit; returns the positions of the rest.
      CREATE FUNCTION admit_series(organizations uuid[], types text[], days date[], dimensions jsonb[], usual_max integer)
      RETURNS SETOF integer LANGUAGE plpgsql AS $$
      DECLARE
        scope record;
        room integer;
        added integer;
        refused integer[];
      BEGIN
        -- No need to wait for the disk: the transaction that counts by these rows commits later and flushes them too.
        PERFORM set_config('synchronous_commit', 'off', true);
        -- In key order, so that two workers cannot deadlock.
        FOR scope IN
          SELECT g.organization_id, g.type, g.day, array_agg(g.n::integer) AS positions
          FROM unnest(organizations, types, days, dimensions) WITH ORDINALITY
            AS g(organization_id, type, day, dimensions, n)
          WHERE NOT EXISTS (
            SELECT FROM admitted_series a
            WHERE a.organization_id = g.organization_id AND a.type = g.type AND a.day = g.day
              AND a.dimensions = g.dimensions)
          GROUP BY g.organization_id, g.type, g.day
          ORDER BY g.organization_id, g.type, g.day
        LOOP
          INSERT INTO series_counts (organization_id, type, day, max_series)
          SELECT o.id, scope.type, scope.day,
                 coalesce((o.settings ->> 'max_series_per_type')::integer, usual_max)
          FROM organizations o WHERE o.id = scope.organization_id
          ON CONFLICT DO NOTHING;
          SELECT greatest(c.max_series - c.series, 0) INTO room FROM series_counts c
          WHERE c.organization_id = scope.organization_id AND c.type = scope.type AND c.day = scope.day
          FOR UPDATE;
          INSERT INTO admitted_series
          -- DISTINCT: the same dimensions may occur twice with different key order, and must use one place.
          SELECT DISTINCT scope.organization_id, scope.type, scope.day, admit_series.dimensions[n]
          FROM unnest(scope.positions) AS n
          WHERE NOT EXISTS (
            SELECT FROM admitted_series a
            WHERE a.organization_id = scope.organization_id AND a.type = scope.type AND a.day = scope.day
              AND a.dimensions = admit_series.dimensions[n])
          LIMIT room;
          GET DIAGNOSTICS added = ROW_COUNT;
          refused := ARRAY(
            SELECT n FROM unnest(scope.positions) AS n
            WHERE NOT EXISTS (
              SELECT FROM admitted_series a
              WHERE a.organization_id = scope.organization_id AND a.type = scope.type AND a.day = scope.day
                AND a.dimensions = admit_series.dimensions[n]));
          UPDATE series_counts c
          SET series = c.series + added,
              exceeded_at = coalesce(c.exceeded_at, CASE WHEN cardinality(refused) > 0 THEN now() END)
          WHERE c.organization_id = scope.organization_id AND c.type = scope.type AND c.day = scope.day;
          RETURN QUERY SELECT unnest(refused);
        END LOOP;
      END $$;
      REVOKE ALL ON FUNCTION admit_series FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION admit_series TO ${ROLES.worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION admit_series; DROP TABLE admitted_series, series_counts');
  }
}
