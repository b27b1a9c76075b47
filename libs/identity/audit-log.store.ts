import type { ClientBase, Pool } from 'pg';
import { inTenant } from '#database';
import type { Actor } from './actor.js';

/** One entry of an organization's audit log. */
export interface AuditEntry {
  readonly organizationId: string;
  /** As `Principal.subject`; `cli` for the command line. */
  readonly actor: string;
  /** `<object>.<act>`, such as `api_key.create`. */
  readonly action: string;
  /** Network address of the caller; null when there is none. */
  readonly clientAddress: string | null;
  /** No secrets and no personal data: entries cannot be erased. */
  readonly details: object;
}

/** Writes an entry in the transaction of the action, so that both commit or neither does. */
export async function recordAudit(
  client: ClientBase,
  { organizationId, actor, action, clientAddress, details }: AuditEntry,
): Promise<void> {
  await client.query(
    'INSERT INTO audit_log (organization_id, actor, action, origin, details) VALUES ($1, $2, $3, $4, $5)',
    [organizationId, actor, action, clientAddress, details],
  );
}

/** Writes an entry in its own transaction, for an action that changes nothing else in the database. */
export const recordAuditAlone = (pool: Pool, entry: AuditEntry): Promise<void> =>
  inTenant(pool, entry.organizationId, (client) => recordAudit(client, entry));

/** `recordAudit` for an actor. */
export const recordAct = (
  client: ClientBase,
  { subject, clientAddress }: Actor,
  organizationId: string,
  action: string,
  details: object,
): Promise<void> => recordAudit(client, { organizationId, actor: subject, action, clientAddress, details });
