import type { ClientBase } from 'pg';
import { mergeDeltas, type SeriesDelta } from '#rollups';

interface DayOfType {
  readonly type: string;
  /** `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  readonly series: readonly SeriesDelta[];
}

/**
 * SQL of the counts that erased events added to rollups and ledger, which stay unchanged. Call it in the
 * erasing transaction, which holds the compaction lock of the organization. All erased people are merged: one
 * row per person would reveal what that person did.
 */
export class ErasedDeltasStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** Adds the deltas of erased events, by type. */
  async addDeltas(types: ReadonlyMap<string, readonly SeriesDelta[]>): Promise<void> {
    const added = [...types].flatMap(([type, deltas]) =>
      [...byDay(deltas)].map(([day, series]): DayOfType => ({ type, day, series })),
    );
    const standing = await this.standing(added);
    const merged = added.map(({ type, day, series }) =>
      JSON.stringify(mergeDeltas([...(standing.get(`${day} ${type}`) ?? []), ...series])),
    );
    await this.client.query(
      `INSERT INTO erased_deltas AS e (organization_id, type, day, series)
       SELECT $1, type, day, series FROM unnest($2::text[], $3::date[], $4::json[]) AS n(type, day, series)
       ON CONFLICT (organization_id, type, day) DO UPDATE SET series = EXCLUDED.series`,
      [this.organizationId, added.map(({ type }) => type), added.map(({ day }) => day), merged],
    );
  }

  /** Adds the numbers of erased events in the ledger, by the millisecond of receipt. */
  async addReceipts(received: ReadonlyMap<number, number>): Promise<void> {
    await this.client.query(
      `INSERT INTO erased_receipts AS r (organization_id, received_at, events)
       SELECT $1, to_timestamp(received_at / 1000), events FROM unnest($2::float8[], $3::int[]) AS n(received_at, events)
       ON CONFLICT (organization_id, received_at) DO UPDATE SET events = r.events + EXCLUDED.events`,
      [this.organizationId, [...received.keys()], [...received.values()]],
    );
  }

  /** The stored deltas of some types and days, by day and type. */
  private async standing(places: readonly DayOfType[]): Promise<Map<string, SeriesDelta[]>> {
    const { rows } = await this.client.query<{ type: string; day: string; series: SeriesDelta[] }>(
      `SELECT type, day::text AS day, series FROM erased_deltas
       WHERE organization_id = $1 AND (type, day) IN (SELECT * FROM unnest($2::text[], $3::date[]))`,
      [this.organizationId, places.map(({ type }) => type), places.map(({ day }) => day)],
    );
    return new Map(rows.map(({ type, day, series }) => [`${day} ${type}`, series]));
  }
}

function byDay(deltas: readonly SeriesDelta[]): Map<string, SeriesDelta[]> {
  const days = new Map<string, SeriesDelta[]>();
  for (const delta of deltas) {
    const day = new Date(delta.t * 1000).toISOString().slice(0, 10);
    const own = days.get(day);
    if (own) own.push(delta);
    else days.set(day, [delta]);
  }
  return days;
}
