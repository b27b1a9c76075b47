import type { ClientBase, Pool } from 'pg';

/** Since when an organization's events are kept, in milliseconds since the epoch. */
export interface Horizon {
  readonly organizationId: string;
  readonly eventsFrom: number;
  /** Before it, no event is left; null: nothing was cleared yet. */
  readonly clearedUntil: number | null;
  readonly metricsFrom: number;
  /** Of rollups in the windows 1m and 5m. */
  readonly minutesFrom: number;
}

/** A horizon as it should be. */
export type WantedHorizon = Omit<Horizon, 'clearedUntil'>;

interface HorizonRow {
  readonly organizationId: string;
  readonly eventsFrom: Date;
  readonly clearedUntil: Date | null;
  readonly metricsFrom: Date;
  readonly minutesFrom: Date;
}

/** SQL of horizons. */
export class HorizonStore {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** Every organization's. */
  async all(): Promise<Map<string, Horizon>> {
    const { rows } = await this.connection.query<HorizonRow>(
      `SELECT organization_id AS "organizationId", events_from AS "eventsFrom", metrics_from AS "metricsFrom",
              minutes_from AS "minutesFrom",
              NULLIF(cleared_until, '-infinity') AS "clearedUntil"
       FROM horizons`,
    );
    return new Map(
      rows.map(({ organizationId, eventsFrom, clearedUntil, metricsFrom, minutesFrom }) => [
        organizationId,
        {
          organizationId,
          eventsFrom: eventsFrom.getTime(),
          clearedUntil: clearedUntil?.getTime() ?? null,
          metricsFrom: metricsFrom.getTime(),
          minutesFrom: minutesFrom.getTime(),
        },
      ]),
    );
  }

  /**
   * Raises horizons. Call it in a transaction, which no transaction overlaps that stores events: those that follow see the
   * horizons.
   * @throws the server's error 55P03 when there is one under way for longer than `lockMs`
   */
  async raise(horizons: readonly WantedHorizon[], lockMs: number): Promise<void> {
    await this.connection.query(
      `SET LOCAL lock_timeout = ${Math.floor(lockMs)}; LOCK TABLE ONLY event_rows IN SHARE MODE`,
    );
    const instants = (values: readonly number[]) => values.map((value) => new Date(value).toISOString());
    await this.connection.query(
      `INSERT INTO horizons AS h (organization_id, events_from, metrics_from, minutes_from)
       SELECT organization_id, events_from, metrics_from, minutes_from
       FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
         AS n(organization_id, events_from, metrics_from, minutes_from)
       ON CONFLICT (organization_id) DO UPDATE SET
         events_from = greatest(h.events_from, EXCLUDED.events_from),
         metrics_from = greatest(h.metrics_from, EXCLUDED.metrics_from),
         minutes_from = greatest(h.minutes_from, EXCLUDED.minutes_from)`,
      [
        horizons.map(({ organizationId }) => organizationId),
        instants(horizons.map(({ eventsFrom }) => eventsFrom)),
        instants(horizons.map(({ metricsFrom }) => metricsFrom)),
        instants(horizons.map(({ minutesFrom }) => minutesFrom)),
      ],
    );
  }

  /** Notes that an organization has no event left before an instant. */
  async cleared(organizationId: string, until: number): Promise<void> {
    await this.connection.query(
      'UPDATE horizons SET cleared_until = greatest(cleared_until, $2) WHERE organization_id = $1',
      [organizationId, new Date(until)],
    );
  }
}
