import { ROLES } from './roles.js';

export interface Grants {
  /** Privileges of the API's role, e.g. `SELECT, INSERT`; absent: none. */
  readonly api?: string;
  readonly worker?: string;
}

/** The organization of the running transaction; NULL, hence no rows, when none is set. */
export const CURRENT_ORGANIZATION = `(SELECT NULLIF(current_setting('app.current_org_id', true), '')::uuid)`;

/**
 * SQL that walls a table: row-level security enabled and forced, the API's role confined to the
 * organization of its transaction, the worker (which serves all organizations in one transaction)
 * not confined but held to its grants. Every table a migration creates goes through here; a test
 * walks pg_class for any that did not.
 *
 * @param column names the organization; absent for tables that belong to no organization, which the
 *   API's role then sees whole, as far as it is granted anything
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
