import type { ClientBase } from 'pg';
import type { ExportRequest } from './export-request.js';

/** Milliseconds for which a finished file can be downloaded. */
export const FILE_LIFETIME_MS = 86_400_000;
/** Milliseconds after which a request that was never finished is removed. */
const REQUEST_LIFETIME_MS = 2 * FILE_LIFETIME_MS;

/** A row of `exports`. */
export interface ExportRow {
  readonly id: string;
  readonly requested_at: Date;
  readonly request: ExportRequest;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly parts: number;
  readonly events: number;
  readonly bytes: number;
  /** Position behind the last part. */
  readonly position: readonly [number, string] | null;
  readonly finished_at: Date | null;
  readonly expires_at: Date;
  /** Whether a person was erased since it was requested. */
  readonly is_outdated: boolean;
}

const COLUMNS = `
  id, requested_at, request, status, parts, events::float8 AS events, bytes::float8 AS bytes, position, finished_at,
  expires_at, erasures <> (
    SELECT count(*) FROM erasures WHERE erasures.organization_id = $1 AND finished_at IS NOT NULL
  ) AS is_outdated`;

/** SQL with which the API asks for exports and reads them. The client is in a transaction of the organization. */
export class ExportStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async insert(request: ExportRequest): Promise<ExportRow> {
    const { rows } = await this.client.query<ExportRow>(
      `INSERT INTO exports (organization_id, request, erasures, expires_at)
       SELECT $1, $2, count(*), now() + $3 * interval '1 ms'
       FROM erasures WHERE erasures.organization_id = $1 AND finished_at IS NOT NULL
       RETURNING ${COLUMNS}`,
      [this.organizationId, request, REQUEST_LIFETIME_MS],
    );
    return rows[0]!;
  }

  /** How many exports there are, finished ones whose files have not expired among them. */
  async count(): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM exports WHERE organization_id = $1 AND expires_at > now()',
      [this.organizationId],
    );
    return rows[0]!.count;
  }

  /** @returns null when there is none, or it has expired and was removed */
  async find(id: string): Promise<ExportRow | null> {
    const { rows } = await this.client.query<ExportRow>(
      `SELECT ${COLUMNS} FROM exports WHERE organization_id = $1 AND id = $2`,
      [this.organizationId, id],
    );
    return rows[0] ?? null;
  }

  /** All exports, newest first. */
  async list(): Promise<ExportRow[]> {
    const { rows } = await this.client.query<ExportRow>(
      `SELECT ${COLUMNS} FROM exports WHERE organization_id = $1 ORDER BY requested_at DESC, id`,
      [this.organizationId],
    );
    return rows;
  }

  /** @returns null when the export was removed meanwhile */
  async part(id: string, part: number): Promise<Buffer | null> {
    const { rows } = await this.client.query<{ bytes: Buffer }>(
      'SELECT bytes FROM export_parts WHERE organization_id = $1 AND export_id = $2 AND part = $3',
      [this.organizationId, id, part],
    );
    return rows[0]?.bytes ?? null;
  }

  /** @returns false when there is none */
  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.client.query(
      'DELETE FROM exports WHERE organization_id = $1 AND id = $2',
      [this.organizationId, id],
    );
    return rowCount === 1;
  }
}
