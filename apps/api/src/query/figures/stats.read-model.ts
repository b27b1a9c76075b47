import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { type TypeCount, typeCounts } from '#rollups';
import type { Reader } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';

/** Everything about an organization. */
export interface Totals {
  readonly types: readonly TypeCount[];
  readonly users: number;
  readonly sessions: number;
  /** Of the events that are kept; null when there are none. */
  readonly first_event: Date | null;
  readonly last_event: Date | null;
  /** The most frequent code first. */
  readonly rejections: readonly { readonly code: string; readonly count: number }[];
}

const USERS = `
  SELECT count(*)::float8 AS users FROM (
    SELECT user_id FROM user_days WHERE organization_id = $1
    UNION
    SELECT d.user_id FROM activity_deltas, json_to_recordset(user_days) AS d(user_id text)
    WHERE organization_id = $1
  ) AS known`;

/** Sessions are counted in the index; only those of deltas, a few, are compared. */
const SESSIONS = `
  SELECT (SELECT count(*) FROM sessions WHERE organization_id = $1)::float8 + (
    SELECT count(DISTINCT d.session_id)
    FROM activity_deltas a, json_to_recordset(a.sessions) AS d(session_id text)
    WHERE a.organization_id = $1 AND NOT EXISTS (
      SELECT FROM sessions s WHERE s.organization_id = $1 AND s.session_id = d.session_id)
  ) AS sessions`;

/** Blocks of closed days do not overlap: the first one begins first. */
const ENDS = `
  SELECT
    least(
      (SELECT ts FROM event_rows WHERE organization_id = $1 ORDER BY ts LIMIT 1),
      (SELECT first_ts FROM event_blocks WHERE organization_id = $1 ORDER BY last_ts, last_id LIMIT 1)
    ) AS first_event,
    greatest(
      (SELECT ts FROM event_rows WHERE organization_id = $1 ORDER BY ts DESC LIMIT 1),
      (SELECT last_ts FROM event_blocks WHERE organization_id = $1 ORDER BY last_ts DESC, last_id DESC LIMIT 1)
    ) AS last_event`;

const REJECTIONS = `
  SELECT code, sum(events)::float8 AS count FROM rejections WHERE organization_id = $1
  GROUP BY code ORDER BY count DESC, code COLLATE "C"`;

/** SQL of an organization's totals. */
@Injectable()
export class StatsReadModel {
  constructor(private readonly reads: TenantReads) {}

  /**
   * In one snapshot.
   * @param day start of a day in UTC, seconds since the epoch
   */
  totals(reader: Reader, day: number): Promise<Totals> {
    const { organizationId } = reader;
    return this.reads.snapshotOfEvents(reader, async (client) => {
      const types = await typeCounts(client, organizationId, day);
      const users = await only<{ users: number }>(client, USERS, organizationId);
      const sessions = await only<{ sessions: number }>(client, SESSIONS, organizationId);
      const { rows: rejections } = await client.query<Totals['rejections'][number]>(REJECTIONS, [
        organizationId,
      ]);
      // The keys have this order. With statistics older than the organization PostgreSQL would sort all of its events.
      await client.query('SET LOCAL enable_sort = off');
      const ends = await only<Pick<Totals, 'first_event' | 'last_event'>>(client, ENDS, organizationId);
      return { types, ...users, ...sessions, ...ends, rejections };
    });
  }
}

/** The only row of a statement about an organization. */
async function only<Row extends object>(
  client: ClientBase,
  text: string,
  organizationId: string,
): Promise<Row> {
  const { rows } = await client.query<Row>(text, [organizationId]);
  return rows[0]!;
}
