import type pg from 'pg';
import { ROLES } from '#database';

/**
 * Replaces every policy of a role by one that allows everything: of the two walls between
 * organizations only the conditions in the statements are left.
 * @param owner a superuser's connection
 */
export async function openPolicies(owner: pg.ClientBase, role: string = ROLES.api): Promise<void> {
  const { rows } = await owner.query<{ name: string; table: string; checks: boolean }>(
    `SELECT policyname AS name, tablename AS table, with_check IS NOT NULL AS checks FROM pg_policies
     WHERE schemaname = 'public' AND roles = ARRAY['${role}']::name[] AND policyname IN ('tenant', 'reader')`,
  );
  for (const { name, table, checks } of rows) {
    await owner.query(`ALTER POLICY ${name} ON ${table} USING (true) ${checks ? 'WITH CHECK (true)' : ''}`);
  }
}
