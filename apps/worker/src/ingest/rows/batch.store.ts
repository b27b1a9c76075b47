import type { Pool } from 'pg';
import { type BinaryParameter, inTransaction, queryBinary } from '#database';
import type { DeltasByOrganization } from '#rollups';
import { type DeadEvent, deadLetterParameters } from './dead-letter-parameters.js';
import { deltaParameters } from './delta-parameters.js';
import { eventKeyParameters, eventParameters, firstInstantParameters } from './event-parameters.js';
import { batchKeyParameters, ledgerParameters } from './ledger-parameters.js';
import type { PendingBatch, SelectedEvents } from './pending-batch.js';

const EVENT_ROWS = `
  SELECT organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision
  FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
              $7::text[], $8::text[], $9::json[], $10::int[])
    AS r(organization_id, received_at, ts, id, type, user_id, session_id, src, payload, type_revision)`;

const EVENT_COLUMNS =
  '(organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision)';

/** One statement: one transaction and one round trip. */
const INSERT_ALL = `
  WITH stored AS (
    INSERT INTO event_rows ${EVENT_COLUMNS} ${EVENT_ROWS}
  ), counted AS (
    INSERT INTO rollup_deltas (organization_id, type, series)
    SELECT * FROM unnest($11::uuid[], $12::text[], $13::json[])
  ), active AS (
    INSERT INTO activity_deltas (organization_id, sessions, user_days)
    SELECT * FROM unnest($14::uuid[], $15::json[], $16::json[])
  ), dead AS (
    INSERT INTO dead_letters (organization_id, batch_id, received_at, code, reason, event)
    SELECT * FROM unnest($17::uuid[], $18::uuid[], $19::timestamptz[], $20::text[], $21::text[], $22::jsonb[])
  )
  INSERT INTO ledger (organization_id, received_at, batch_id, received, stored, duplicate, dead_lettered, actor, origin)
  SELECT organization_id, received_at, batch_id, stored + duplicate + dead, stored, duplicate, dead, actor, origin
  FROM unnest($23::uuid[], $24::timestamptz[], $25::uuid[], $26::int[], $27::int[], $28::int[], $29::text[], $30::text[])
    AS r(organization_id, received_at, batch_id, stored, duplicate, dead, actor, origin)
  WHERE refuse_expired_events($31, $32)`;

/**
 * The planner treats the bounds as constants, so only the partitions of those days are opened. LATERAL with
 * LIMIT forces an index look-up per key: with statistics that lag behind the last thousands of rows, the planner
 * sometimes hashed the whole day. Only a day that is over can have segments.
 */
const FIND_STORED = `
  SELECT k.n::int AS n
  FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) WITH ORDINALITY AS k(organization_id, ts, id, n),
    LATERAL (
      SELECT FROM event_rows e
      WHERE e.organization_id = k.organization_id AND e.ts = k.ts AND e.id = k.id AND e.ts >= $4 AND e.ts <= $5
      LIMIT 1
    ) AS stored
  UNION ALL
  SELECT k.n::int AS n
  FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) WITH ORDINALITY AS k(organization_id, ts, id, n)
  WHERE k.ts < date_trunc('day', now(), 'UTC') AND is_closed_event(k.organization_id, k.ts, k.id)`;

const FIND_DONE = `
  SELECT k.n::int AS n
  FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) WITH ORDINALITY
    AS k(organization_id, received_at, batch_id, n),
    LATERAL (
      SELECT FROM ledger l
      WHERE l.organization_id = k.organization_id AND l.received_at = k.received_at AND l.batch_id = k.batch_id
      LIMIT 1
    ) AS done`;

const TRY_EVENTS = `INSERT INTO event_rows ${EVENT_COLUMNS} ${EVENT_ROWS} ON CONFLICT DO NOTHING`;

/** SQL of the transaction that stores batches. */
export class BatchStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Stores all events that are not skipped, the deltas they add, dead letters and ledger rows.
   * @throws the server's error, 23505 when an event or a batch is stored already, MR001 when an event is of a day that is
   *   no longer kept; nothing is written then
   */
  async insert(
    batches: readonly PendingBatch[],
    deltas: DeltasByOrganization,
    dead: readonly DeadEvent[],
  ): Promise<void> {
    const kept = batches.map((batch) => ({ batch, events: batch.keptEvents() }));
    await queryBinary(this.pool, {
      name: 'insert-all',
      text: INSERT_ALL,
      parameters: [
        ...eventParameters(kept),
        ...deltaParameters(deltas),
        ...deadLetterParameters(dead),
        ...ledgerParameters(batches),
        ...firstInstantParameters(kept),
      ],
    });
  }

  /** @returns which of the events are stored already: their positions, counted across the whole selection */
  async findStored(selection: readonly SelectedEvents[]): Promise<number[]> {
    const instants = selection.flatMap(({ batch, events }) => {
      const all = batch.reader.instants();
      return events.map((i) => all[i]!);
    });
    if (instants.length === 0) return [];
    const [first, last] = extent(instants);
    const { rows } = await this.pool.query<{ n: number }>({
      name: 'find-stored',
      text: FIND_STORED,
      values: [...eventKeyParameters(selection).map(joined), new Date(first), new Date(last)],
    });
    return rows.map(({ n }) => n - 1);
  }

  /** @returns for organizations that have one, since when events are kept, in milliseconds since the epoch */
  async horizons(organizations: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await this.pool.query<{ id: string; from: Date }>(
      `SELECT h.organization_id AS id, h.events_from AS from
       FROM unnest($1::uuid[]) AS k(organization_id), horizons h WHERE h.organization_id = k.organization_id`,
      [organizations],
    );
    return new Map(rows.map(({ id, from }) => [id, from.getTime()]));
  }

  /** @returns which of the batches are stored already: their positions */
  async findDone(batches: readonly PendingBatch[]): Promise<number[]> {
    const { rows } = await this.pool.query<{ n: number }>({
      name: 'find-done',
      text: FIND_DONE,
      values: batchKeyParameters(batches).map(joined),
    });
    return rows.map(({ n }) => n - 1);
  }

  /**
   * Dry run: inserts the events, then rolls back.
   * @throws the server's error when it refuses any of them
   */
  async tryEvents(selection: readonly SelectedEvents[]): Promise<void> {
    class RollBack extends Error {}
    await inTransaction(this.pool, async (client) => {
      await client.query(TRY_EVENTS, eventParameters(selection).map(joined));
      throw new RollBack();
    }).catch((error) => {
      if (!(error instanceof RollBack)) throw error;
    });
  }
}

/** One buffer per parameter, as `pg` expects. */
const joined = (parameter: BinaryParameter) => Buffer.concat(parameter);

function extent(values: readonly number[]): [number, number] {
  let min = values[0]!;
  let max = min;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
