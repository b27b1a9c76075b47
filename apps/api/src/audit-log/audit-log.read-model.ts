import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';

/** The action of batches, which are stored in the ledger with their sender. */
const INGEST = 'events.ingest';
/** Before the first act, and after the last possible batch. */
const NO_ACT = '0';
const LAST_BATCH = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Which entries to list; instants in milliseconds since the epoch, half-open. */
export interface AuditFilter {
  readonly from: number | null;
  readonly to: number | null;
  readonly actions: readonly string[] | null;
  readonly actor: string | null;
}

export interface AuditRow {
  /** A number for an act, the batch's UUID for a batch. */
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  /** Network address; several, separated by commas, for a batch gathered from several clients. */
  readonly origin: string | null;
  readonly details: unknown;
}

/**
 * Where a page ended: instant in milliseconds since the epoch, id among the acts of that instant, id among its
 * batches, which come after the acts.
 */
export type AuditPosition = readonly [at: number, act: string, batch: string];

export const positionOf = ({ id, at, action }: AuditRow): AuditPosition =>
  action === INGEST ? [at.getTime(), NO_ACT, id] : [at.getTime(), id, LAST_BATCH];

/** SQL of the audit log: what was done to an organization, and every batch of events sent to it. */
@Injectable()
export class AuditLogReadModel {
  constructor(private readonly pool: Pool) {}

  /** Newest entries first, after a position if given; a batch appears once it is stored. */
  async list(
    organizationId: string,
    { from, to, actions, actor }: AuditFilter,
    limit: number,
    after: AuditPosition | null,
  ): Promise<AuditRow[]> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      // Each of the two is read from an index up to the limit, whatever its size.
      client.query<AuditRow>(
        `SELECT coalesce(batch::text, act::text) AS id, at, actor, action, origin, details FROM (
           (SELECT id AS act, NULL::uuid AS batch, at, actor, action, origin, details
            FROM audit_log
            WHERE organization_id = $1
              AND ($2::float8 IS NULL OR at >= to_timestamp($2::float8 / 1000))
              AND ($3::float8 IS NULL OR at < to_timestamp($3::float8 / 1000))
              AND ($4::text[] IS NULL OR action = ANY($4))
              AND ($5::text IS NULL OR actor = $5)
              AND ($6::float8 IS NULL OR (at, id) < (to_timestamp($6::float8 / 1000), $7::bigint))
            ORDER BY at DESC, id DESC
            LIMIT $10)
           UNION ALL
           (SELECT 0, batch_id, received_at, actor, $9::text, origin,
                   jsonb_build_object('batch_id', batch_id, 'received', received, 'stored', stored,
                                      'duplicate', duplicate, 'dead_lettered', dead_lettered)
            FROM ledger
            WHERE organization_id = $1
              AND ($2::float8 IS NULL OR received_at >= to_timestamp($2::float8 / 1000))
              AND ($3::float8 IS NULL OR received_at < to_timestamp($3::float8 / 1000))
              AND ($4::text[] IS NULL OR $9::text = ANY($4))
              AND ($5::text IS NULL OR actor = $5)
              AND ($6::float8 IS NULL OR (received_at, batch_id) < (to_timestamp($6::float8 / 1000), $8::uuid))
            ORDER BY received_at DESC, batch_id DESC
            LIMIT $10)
         ) AS entries
         ORDER BY at DESC, act DESC, batch DESC
         LIMIT $10`,
        [organizationId, from, to, actions, actor, ...(after ?? [null, null, null]), INGEST, limit],
      ),
    );
    return rows;
  }
}
