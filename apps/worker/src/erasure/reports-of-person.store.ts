import type { ClientBase } from 'pg';
import type { NamedPerson } from './person.store.js';

/** Waits for reports that are being stored, and lets others wait. To be called before the snapshot is taken. */
export async function lockReports(client: ClientBase): Promise<void> {
  await client.query('LOCK TABLE reports IN SHARE ROW EXCLUSIVE MODE');
}

/** Takes a person off the lists of users in stored reports. Totals name nobody, and stay. */
export async function removeFromReports(
  client: ClientBase,
  { organizationId, userIds }: NamedPerson,
): Promise<void> {
  await client.query(
    `UPDATE reports
     SET content = jsonb_set(content, '{users}', (
       SELECT coalesce(jsonb_agg(u ORDER BY n), '[]')
       FROM jsonb_array_elements(content->'users') WITH ORDINALITY AS list(u, n)
       WHERE u->>'user_id' <> ALL($2::text[])))
     WHERE organization_id = $1
       AND EXISTS (SELECT FROM jsonb_array_elements(content->'users') AS u WHERE u->>'user_id' = ANY($2::text[]))`,
    [organizationId, userIds],
  );
}
