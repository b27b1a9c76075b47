import type { ClientBase, Pool } from 'pg';
import { inTenant } from '#database';

/** Something that was done to an organization. */
export interface AuditEntry {
  readonly organizationId: string;
  /** As `Principal.subject`; `cli` for the command line. */
  readonly actor: string;
  /** `<object>.<act>`, such as `api_key.create`. */
  readonly action: string;
  /** Address that the call came from; null when there is none. */
  readonly origin: string | null;
  /** Never a secret, and nobody's personal data: entries can not be erased. */
  readonly details: object;
}

/** Writes an entry with the transaction of the act: neither stands without the other. */
export async function recordAudit(
  client: ClientBase,
  { organizationId, actor, action, origin, details }: AuditEntry,
): Promise<void> {
  await client.query(
    'INSERT INTO audit_log (organization_id, actor, action, origin, details) VALUES ($1, $2, $3, $4, $5)',
    [organizationId, actor, action, origin, details],
  );
}

/** Writes an entry of an act that changes nothing in the database, in a transaction of its own. */
export const recordAuditAlone = (pool: Pool, entry: AuditEntry): Promise<void> =>
  inTenant(pool, entry.organizationId, (client) => recordAudit(client, entry));
