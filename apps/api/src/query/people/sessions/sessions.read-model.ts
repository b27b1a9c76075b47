import { Injectable } from '@nestjs/common';
import { type CountedSession, countedSessions } from '#people';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';

/** Which sessions to list; instants in milliseconds since the epoch, half-open; null: no limit. */
export interface SessionFilter {
  /** When they started. */
  readonly from: number | null;
  readonly to: number | null;
  readonly userId: string | null;
}

/** Where a page ended: start in milliseconds since the epoch, and id. */
export type SessionPosition = readonly [number, string];

/** A session with the profile of its user. */
export interface SessionRow extends CountedSession {
  readonly name: string | null;
  readonly email: string | null;
}

const ROWS = `
  SELECT f.session_id, f.first_seen, f.last_seen, f.ended_at, f.user_id, f.device, f.talked_seconds,
         f.events::float8 AS events, u.name, u.email
  FROM found f LEFT JOIN users u ON u.organization_id = $1 AND u.external_id = f.user_id`;

const NEWEST = 'ORDER BY first_seen DESC, session_id DESC LIMIT $7';

const PAGE = `
  WITH ${countedSessions(
    (t) => `
      ($2::float8 IS NULL OR ${t}.first_seen >= to_timestamp($2::float8 / 1000))
      AND ($3::float8 IS NULL OR ${t}.first_seen < to_timestamp($3::float8 / 1000))
      AND ($4::text IS NULL OR ${t}.user_id = $4)
      AND ($5::float8 IS NULL OR (${t}.first_seen, ${t}.session_id) < (to_timestamp($5::float8 / 1000), $6::text))`,
    NEWEST,
  )} ${ROWS} ${NEWEST}`;

/** $3 is the id as in the deltas' JSON. */
const ONE = `
  WITH ${countedSessions((t) => `${t}.session_id = $2`, '', 'position($3 IN sessions::text) > 0')} ${ROWS}`;

/** SQL of sessions. */
@Injectable()
export class SessionsReadModel {
  constructor(private readonly reads: TenantReads) {}

  /** The sessions that started last, after a position when there is one. */
  async list(
    reader: Reader,
    { from, to, userId }: SessionFilter,
    limit: number,
    after: SessionPosition | null,
  ): Promise<SessionRow[]> {
    const { rows } = await this.reads.run(reader, (client) =>
      client.query<SessionRow>(PAGE, [
        ...[reader.organizationId, from, to, userId],
        ...[after?.[0] ?? null, after?.[1] ?? null, limit],
      ]),
    );
    return rows;
  }

  /** @returns null when nothing was counted for it */
  async find(reader: Reader, sessionId: string): Promise<SessionRow | null> {
    const { rows } = await this.reads.run(reader, (client) =>
      client.query<SessionRow>(ONE, [reader.organizationId, sessionId, JSON.stringify(sessionId)]),
    );
    return rows[0] ?? null;
  }
}
