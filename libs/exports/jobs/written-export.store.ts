import type { Pool } from 'pg';
import { inTransaction } from '#database';
import type { Position } from '../reading/position.js';
import { FILE_LIFETIME_MS } from './export.store.js';
import type { ExportRequest } from './export-request.js';

/** What a worker needs to begin a file, or to go on with it. */
export interface UnfinishedExport {
  readonly request: ExportRequest;
  readonly parts: number;
  readonly events: number;
  /** Null: nothing was written. */
  readonly position: Position | null;
  readonly state: unknown;
}

/** Consecutive bytes of a file, and where the export has got to. */
export interface ExportPart {
  readonly part: number;
  readonly bytes: Buffer;
  /** Events up to its end. */
  readonly events: number;
  /** The position behind it; null: it is the last part. */
  readonly position: Position | null;
  readonly state: unknown;
}

const IS_CURRENT = `
  erasures = (SELECT count(*) FROM erasures WHERE erasures.organization_id = $1 AND finished_at IS NOT NULL)`;

/** SQL with which workers write exports. The pool acts as the worker's role. */
export class WrittenExportStore {
  constructor(private readonly pool: Pool) {}

  /** @returns null when it is finished, was removed or is outdated */
  async begin(organizationId: string, id: string): Promise<UnfinishedExport | null> {
    const { rows } = await this.pool.query<UnfinishedExport>(
      `UPDATE exports SET status = 'running'
       WHERE organization_id = $1 AND id = $2 AND status IN ('queued', 'running') AND ${IS_CURRENT}
       RETURNING request, parts, events::float8 AS events, position, state`,
      [organizationId, id],
    );
    return rows[0] ?? null;
  }

  /**
   * Stores a part, and with it how far the export is.
   * @returns false when it was removed or is outdated, or another worker has written the part
   */
  async add(
    organizationId: string,
    id: string,
    { part, bytes, events, position, state }: ExportPart,
  ): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const isLast = position === null;
      const { rowCount } = await client.query(
        `UPDATE exports
         SET parts = parts + 1, bytes = bytes + $4, events = $5, position = $6, state = $7,
             status = CASE WHEN $8 THEN 'done' ELSE status END,
             finished_at = CASE WHEN $8 THEN now() END,
             expires_at = CASE WHEN $8 THEN now() + $9 * interval '1 ms' ELSE expires_at END
         WHERE organization_id = $1 AND id = $2 AND parts = $3 AND status = 'running' AND ${IS_CURRENT}`,
        [
          ...[organizationId, id, part, bytes.length, events],
          ...[JSON.stringify(position), JSON.stringify(state), isLast, FILE_LIFETIME_MS],
        ],
      );
      if (rowCount !== 1) return false;
      await client.query(
        'INSERT INTO export_parts (organization_id, export_id, part, bytes) VALUES ($1, $2, $3, $4)',
        [organizationId, id, part, bytes],
      );
      return true;
    });
  }

  /** Gives an export up. */
  async fail(organizationId: string, id: string): Promise<void> {
    await this.pool.query(
      `UPDATE exports SET status = 'failed', finished_at = now()
       WHERE organization_id = $1 AND id = $2 AND status IN ('queued', 'running')`,
      [organizationId, id],
    );
  }

  /**
   * Removes exports that have expired, and those that may have events of an erased person.
   * @returns how many
   */
  async removeExpired(): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM exports WHERE expires_at <= now() OR erasures <> (
         SELECT count(*) FROM erasures WHERE erasures.organization_id = exports.organization_id AND finished_at IS NOT NULL)`,
    );
    return rowCount ?? 0;
  }
}
