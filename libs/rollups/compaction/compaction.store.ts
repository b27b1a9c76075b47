import type { ClientBase, Pool } from 'pg';
import type { SeriesDelta, SessionDelta, UserDay } from '../delta.js';
import { Sketch } from '../sketch.js';
import type { RollupRow } from './compact.js';

/** Rows sent in one statement; bounds the memory of both sides. */
const CHUNK = 2000;

export interface ActivityDeltaRow {
  readonly sessions: SessionDelta[];
  readonly user_days: UserDay[];
}

/** Deltas that can be folded in by themselves: those of an organization's type, or of its sessions and users. */
export interface DeltaPile {
  readonly organizationId: string;
  /** Null: sessions and user days. */
  readonly type: string | null;
}

/** Everything that is to be folded in. */
export async function listDeltaPiles(pool: Pool): Promise<DeltaPile[]> {
  const { rows } = await pool.query<DeltaPile>(
    `SELECT DISTINCT organization_id AS "organizationId", type FROM rollup_deltas
     UNION ALL
     SELECT DISTINCT organization_id, NULL FROM activity_deltas`,
  );
  return rows;
}

/** SQL of compaction; every call belongs to the compactor's transaction for one pile. */
export class CompactionStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /**
   * False when another process is compacting this organization. Nothing waits for the transaction to be on disk:
   * were it lost, its deltas would stand again.
   */
  async begin(): Promise<boolean> {
    const { rows } = await this.client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('compact'), hashtext($1)) AS locked,
              set_config('synchronous_commit', 'off', true)`,
      [this.organizationId],
    );
    return rows[0]?.locked === true;
  }

  async takeRollupDeltas(type: string, limit: number): Promise<SeriesDelta[][]> {
    const { rows } = await this.client.query<{ series: SeriesDelta[] }>(
      `DELETE FROM rollup_deltas WHERE organization_id = $1 AND type = $2 AND id IN (
         SELECT id FROM rollup_deltas WHERE organization_id = $1 AND type = $2 LIMIT $3)
       RETURNING series`,
      [this.organizationId, type, limit],
    );
    return rows.map(({ series }) => series);
  }

  async takeActivityDeltas(limit: number): Promise<ActivityDeltaRow[]> {
    const { rows } = await this.client.query<ActivityDeltaRow>(
      `DELETE FROM activity_deltas WHERE organization_id = $1 AND id IN (
         SELECT id FROM activity_deltas WHERE organization_id = $1 LIMIT $2)
       RETURNING sessions, user_days`,
      [this.organizationId, limit],
    );
    return rows;
  }

  /** Adds the rows to what stands. The lock makes reading a sketch, merging and writing it safe. */
  async addRollups(rows: readonly RollupRow[]): Promise<void> {
    for (let at = 0; at < rows.length; at += CHUNK) {
      const chunk = rows.slice(at, at + CHUNK);
      const sketches = await this.mergedSketches(chunk);
      await this.client.query({
        name: 'add-rollups',
        text: `
          INSERT INTO rollups AS r
            (organization_id, type, measure, window_seconds, bucket, dimensions, count, sum, min, max, sketch)
          SELECT $1, type, measure, window_seconds, to_timestamp(bucket), dimensions, count, sum, min, max, sketch
          FROM unnest($2::text[], $3::text[], $4::int[], $5::float8[], $6::jsonb[], $7::bigint[],
                      $8::float8[], $9::float8[], $10::float8[], $11::bytea[])
            AS n(type, measure, window_seconds, bucket, dimensions, count, sum, min, max, sketch)
          ON CONFLICT (organization_id, type, measure, window_seconds, bucket, dimensions) DO UPDATE SET
            count = r.count + EXCLUDED.count,
            sum = r.sum + EXCLUDED.sum,
            min = least(r.min, EXCLUDED.min),
            max = greatest(r.max, EXCLUDED.max),
            sketch = EXCLUDED.sketch`,
        values: [
          ...this.keyColumns(chunk),
          chunk.map((row) => row.count),
          chunk.map((row) => row.measurement?.sum ?? null),
          chunk.map((row) => row.measurement?.min ?? null),
          chunk.map((row) => row.measurement?.max ?? null),
          sketches,
        ],
      });
    }
  }

  private async mergedSketches(rows: readonly RollupRow[]): Promise<(Buffer | null)[]> {
    const { rows: standing } = await this.client.query<{ n: number; sketch: Buffer }>({
      name: 'standing-sketches',
      text: `
        SELECT k.n::int - 1 AS n, standing.sketch
        FROM unnest($2::text[], $3::text[], $4::int[], $5::float8[], $6::jsonb[]) WITH ORDINALITY
          AS k(type, measure, window_seconds, bucket, dimensions, n),
          LATERAL (
            SELECT r.sketch FROM rollups r
            WHERE r.organization_id = $1 AND r.type = k.type AND r.measure = k.measure
              AND r.window_seconds = k.window_seconds AND r.bucket = to_timestamp(k.bucket)
              AND r.dimensions = k.dimensions
            LIMIT 1
          ) AS standing
        WHERE k.measure <> ''`,
      values: this.keyColumns(rows),
    });
    for (const { n, sketch } of standing) rows[n]!.measurement!.sketch.merge(Sketch.decode(sketch));
    return rows.map((row) => row.measurement?.sketch.encode() ?? null);
  }

  private keyColumns(rows: readonly RollupRow[]): unknown[] {
    return [
      this.organizationId,
      rows.map((row) => row.type),
      rows.map((row) => row.measure),
      rows.map((row) => row.windowSeconds),
      rows.map((row) => row.bucket),
      rows.map((row) => row.dimensions),
    ];
  }

  async addSessions(sessions: readonly SessionDelta[]): Promise<void> {
    await this.client.query({
      name: 'add-sessions',
      text: `
        INSERT INTO sessions AS s (organization_id, session_id, first_seen, last_seen, ended_at, user_id,
                                   device, talked_seconds, events)
        SELECT $1, session_id, to_timestamp(first_seen / 1000), to_timestamp(last_seen / 1000),
               to_timestamp(ended_at / 1000), user_id, device, talked_seconds, events
        FROM json_to_recordset($2::json) AS n(session_id text, first_seen float8, last_seen float8,
          ended_at float8, user_id text, device text, talked_seconds float8, events bigint)
        ON CONFLICT (organization_id, session_id) DO UPDATE SET
          first_seen = least(s.first_seen, EXCLUDED.first_seen),
          last_seen = greatest(s.last_seen, EXCLUDED.last_seen),
          ended_at = greatest(s.ended_at, EXCLUDED.ended_at),
          user_id = greatest(s.user_id, EXCLUDED.user_id),
          device = greatest(s.device, EXCLUDED.device),
          talked_seconds = s.talked_seconds + EXCLUDED.talked_seconds,
          events = s.events + EXCLUDED.events`,
      values: [this.organizationId, JSON.stringify(sessions)],
    });
  }

  async addUserDays(userDays: readonly UserDay[]): Promise<void> {
    await this.client.query({
      name: 'add-user-days',
      text: `
        INSERT INTO user_days (organization_id, day, user_id)
        SELECT $1, day, user_id FROM unnest($2::date[], $3::text[]) AS n(day, user_id)
        ON CONFLICT DO NOTHING`,
      values: [this.organizationId, userDays.map(({ day }) => day), userDays.map(({ user_id }) => user_id)],
    });
  }
}
