import type { ClientBase, Pool } from 'pg';
import { inTenant } from '#database';
import type { Actor } from './actor.js';

/** Something that was done to an organization. */
export interface AuditEntry {
  readonly organizationId: string;
  /** As `Principal.subject`; `cli` for the command line. */
  readonly actor: string;
  /** `<object>.<act>`, such as `api_key.create`. */
  readonly action: string;
  /** Address that the call came from; null when there is none. */
  readonly clientAddress: string | null;
  /** Never a secret, and nobody's personal data: entries can not be erased. */
  readonly details: object;
}

/** Writes an entry with the transaction of the act: neither stands without the other. */
export async function recordAudit(
  client: ClientBase,
  { organizationId, actor, action, clientAddress, details }: AuditEntry,
): Promise<void> {
  await client.query(
    'INSERT INTO audit_log (organization_id, actor, action, origin, details) VALUES ($1, $2, $3, $4, $5)',
    [organizationId, actor, action, clientAddress, details],
  );
}

/** Writes an entry of an act that changes nothing in the database, in a transaction of its own. */
export const recordAuditAlone = (pool: Pool, entry: AuditEntry): Promise<void> =>
  inTenant(pool, entry.organizationId, (client) => recordAudit(client, entry));

/** Writes an actor's entry with the transaction of the act. */
export const recordAct = (
  client: ClientBase,
  { subject, clientAddress }: Actor,
  organizationId: string,
  action: string,
  details: object,
): Promise<void> => recordAudit(client, { organizationId, actor: subject, action, clientAddress, details });
