import { Injectable } from '@nestjs/common';
import { TenantReads } from '../tenant-reads/tenant-reads.js';

/** Which events to list; instants in milliseconds since the epoch, half-open. */
export interface EventFilter {
  readonly from: number;
  readonly to: number;
  readonly type?: string;
  readonly userId?: string;
  readonly sessionId?: string;
}

/** Where a page ended: instant in milliseconds since the epoch, and id. */
export type EventPosition = readonly [number, string];

export interface EventRow {
  readonly id: string;
  readonly ts: Date;
  readonly received_at: Date;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly src: string | null;
  readonly payload: unknown;
}

/** SQL of raw events. */
@Injectable()
export class EventsReadModel {
  constructor(private readonly reads: TenantReads) {}

  /** The newest events first, after a position when there is one. */
  async list(
    organizationId: string,
    filter: EventFilter,
    limit: number,
    after: EventPosition | null,
  ): Promise<EventRow[]> {
    const { rows } = await this.reads.run(organizationId, (client) =>
      client.query<EventRow>(
        `SELECT id, ts, received_at, type, user_id, session_id, src, payload
         FROM events
         WHERE ts >= to_timestamp($1::float8 / 1000) AND ts < to_timestamp($2::float8 / 1000)
           AND ($3::text IS NULL OR type = $3)
           AND ($4::text IS NULL OR user_id = $4)
           AND ($5::text IS NULL OR session_id = $5)
           AND ($6::float8 IS NULL OR (ts, id) < (to_timestamp($6::float8 / 1000), $7::text))
         ORDER BY ts DESC, id DESC
         LIMIT $8`,
        [
          filter.from,
          filter.to,
          filter.type ?? null,
          filter.userId ?? null,
          filter.sessionId ?? null,
          after?.[0] ?? null,
          after?.[1] ?? null,
          limit,
        ],
      ),
    );
    return rows;
  }
}
