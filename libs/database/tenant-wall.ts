import { ROLES } from './roles.js';

export interface Grants {
  /** Privileges of the API's role, such as `SELECT, INSERT`; absent: none. */
  readonly api?: string;
  /** Privileges of the workers' role; absent: none. */
  readonly worker?: string;
}

/**
 * SQL for the organization of the running transaction; NULL, hence no rows, when none is set. No sub-SELECT: a
 * distributed PostgreSQL allows none in policies, and as statements name the organization themselves, the planner
 * compares the two once per query either way.
 */
export const CURRENT_ORGANIZATION = `NULLIF(current_setting('app.current_org_id', true), '')::uuid`;

/**
 * SQL that walls off a table. Row-level security is enabled and forced. The API's role is confined to the
 * organization of its transaction. Workers serve all organizations in one transaction, so their role is limited by
 * its grants only. Every table a migration creates goes through here; a test walks pg_class for any that did not.
 *
 * @param column names the organization; null for a table without one, where the API's role sees every row
 *   that its grants allow
 */
export function wall(table: string, column: string | null, grants: Grants): string {
  const visible = column ? `${column} = ${CURRENT_ORGANIZATION}` : 'true';
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON ${table} TO ${ROLES.api} USING (${visible}) WITH CHECK (${visible});
    CREATE POLICY worker ON ${table} TO ${ROLES.worker} USING (true) WITH CHECK (true);
    ${grants.api ? `GRANT ${grants.api} ON ${table} TO ${ROLES.api};` : ''}
    ${grants.worker ? `GRANT ${grants.worker} ON ${table} TO ${ROLES.worker};` : ''}
  `;
}
