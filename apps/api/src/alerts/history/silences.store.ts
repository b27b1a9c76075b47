import type { ClientBase } from 'pg';
import { type Actor, recordAct } from '#identity';

/** Silences an alert, with an entry in the audit log. Does nothing when there is no such alert. */
export async function silence(
  client: ClientBase,
  actor: Actor,
  organizationId: string,
  id: string,
  until: Date,
): Promise<void> {
  const { rows } = await client.query<{ rule: string }>(
    'UPDATE alerts SET silenced_until = $3 WHERE organization_id = $1 AND id = $2 RETURNING name AS rule',
    [organizationId, id, until],
  );
  if (rows[0])
    await recordAct(client, actor, organizationId, 'alert.silence', { id, rule: rows[0].rule, until });
}
