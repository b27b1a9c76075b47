import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets retention delete the series of a day while a worker admits some: the row of the count is made and locked in one step,
 * so that it cannot vanish in between and leave series that nobody counts.
 */
export class ForgetSeries1796700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(admitSeries(MAKE_AND_LOCK));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(admitSeries(MAKE_THEN_LOCK));
  }
}

const MAKE_AND_LOCK = `
      INSERT INTO series_counts AS c (organization_id, type, day, max_series)
      SELECT o.id, scope.type, scope.day,
             coalesce((o.settings ->> 'max_series_per_type')::integer, usual_max)
      FROM organizations o WHERE o.id = scope.organization_id
      ON CONFLICT ON CONSTRAINT series_counts_pkey DO UPDATE SET series = c.series
      RETURNING greatest(c.max_series - c.series, 0) INTO room;`;

const MAKE_THEN_LOCK = `
      INSERT INTO series_counts (organization_id, type, day, max_series)
      SELECT o.id, scope.type, scope.day,
             coalesce((o.settings ->> 'max_series_per_type')::integer, usual_max)
      FROM organizations o WHERE o.id = scope.organization_id
      ON CONFLICT DO NOTHING;
      SELECT greatest(c.max_series - c.series, 0) INTO room FROM series_counts c
      WHERE c.organization_id = scope.organization_id AND c.type = scope.type AND c.day = scope.day
      FOR UPDATE;`;

/** Admits as many of the given series as fit; returns the positions of the rest. */
const admitSeries = (count: string) => `
  CREATE OR REPLACE FUNCTION admit_series(organizations uuid[], types text[], days date[], dimensions jsonb[], usual_max integer)
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
${count}
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
  END $$;`;
