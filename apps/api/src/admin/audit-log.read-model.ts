import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';

/** Which entries to list; instants in milliseconds since the epoch, half-open. */
export interface AuditFilter {
  readonly from: number | null;
  readonly to: number | null;
  readonly action: string | null;
  readonly actor: string | null;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly origin: string | null;
  readonly details: unknown;
}

/** SQL of the audit log. */
@Injectable()
export class AuditLogReadModel {
  constructor(private readonly pool: Pool) {}

  /**
   * The newest entries first.
   * @param before id of the entry that the last page ended with
   */
  async list(
    organizationId: string,
    { from, to, action, actor }: AuditFilter,
    limit: number,
    before: string | null,
  ): Promise<AuditRow[]> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      client.query<AuditRow>(
        `SELECT id, at, actor, action, origin, details
         FROM audit_log
         WHERE organization_id = $1
           AND ($2::float8 IS NULL OR at >= to_timestamp($2::float8 / 1000))
           AND ($3::float8 IS NULL OR at < to_timestamp($3::float8 / 1000))
           AND ($4::text IS NULL OR action = $4)
           AND ($5::text IS NULL OR actor = $5)
           AND ($6::bigint IS NULL OR id < $6)
         ORDER BY id DESC
         LIMIT $7`,
        [organizationId, from, to, action, actor, before, limit],
      ),
    );
    return rows;
  }
}
