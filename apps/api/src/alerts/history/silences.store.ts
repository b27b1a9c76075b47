import type { ClientBase } from 'pg';
import { type Actor, recordAct } from '#identity';

/**
 * Silences an alert and its rule, in place of an earlier silence of the rule, with an entry in the audit log. Does nothing when
 * there is no such alert.
 */
export async function silence(
  client: ClientBase,
  actor: Actor,
  organizationId: string,
  id: string,
  until: Date,
): Promise<void> {
  const { rows } = await client.query<{ id: string; rule: string }>(
    `UPDATE alerts SET silenced_until = CASE WHEN id = $2 THEN $3::timestamptz END
     WHERE organization_id = $1 AND (id = $2 OR silenced_until IS NOT NULL)
       AND rule = (SELECT b.rule FROM alerts b WHERE b.organization_id = $1 AND b.id = $2)
     RETURNING id, name AS rule`,
    [organizationId, id, until],
  );
  const silenced = rows.find((row) => row.id === id);
  if (silenced) await recordAct(client, actor, organizationId, 'alert.silence', { ...silenced, until });
}
