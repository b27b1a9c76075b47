import type pg from 'pg';
import { ROLES } from '#database';

/**
 * Replaces every policy of the API's role by one that allows everything: of the two walls between
 * organizations only the conditions in the statements are left.
 * @param owner a superuser's connection
 */
export async function openPolicies(owner: pg.ClientBase): Promise<void> {
  const { rows } = await owner.query<{ name: string; table: string }>(
    `SELECT policyname AS name, tablename AS table FROM pg_policies
     WHERE schemaname = 'public' AND roles = ARRAY['${ROLES.api}']::name[] AND cmd = 'ALL'`,
  );
  for (const { name, table } of rows) {
    await owner.query(`ALTER POLICY ${name} ON ${table} USING (true) WITH CHECK (true)`);
  }
}
