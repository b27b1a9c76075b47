import type { ClientBase } from 'pg';
import { ROLES } from '#database';
import { UsageError } from '../arguments/usage-error.js';

/**
 * Built-in functions that PostgreSQL lets everybody call. With them a reader could hold the locks of compaction and
 * migrations, fill the disk with large objects, or write into the write-ahead log.
 */
const FUNCTIONS =
  '^(pg_(try_)?advisory_(xact_)?lock(_shared)?|lo_creat|lo_create|lo_from_bytea|pg_logical_emit_message)$';

/** What PUBLIC may do with the database and those functions: the processes' roles keep it, everybody else loses it. */
const OPEN_DOORS = `
  SELECT format('GRANT %1$s ON %2$s TO ${ROLES.api}, ${ROLES.worker}; REVOKE %1$s ON %2$s FROM PUBLIC', privilege, target)
    AS statement
  FROM (
    SELECT a.privilege_type AS privilege, format('DATABASE %I', d.datname) AS target
    FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
    WHERE d.datname = current_database() AND a.grantee = 0
    UNION ALL
    SELECT a.privilege_type, format('FUNCTION %s', p.oid::regprocedure)
    FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '${FUNCTIONS}' AND a.grantee = 0
  ) AS doors
  UNION ALL
  -- To limit what a reader's sorts may write to the disk, which a reader cannot lift again.
  SELECT format('GRANT SET ON PARAMETER temp_file_limit TO %I', current_user)
  WHERE NOT has_parameter_privilege('temp_file_limit', 'SET')`;

/**
 * Takes from PUBLIC what a hostile reader could use against others: connecting from other databases' roles, temporary
 * tables, and the functions above. Repeating it does nothing.
 * @param client of the database's owner, in a transaction
 * @throws UsageError when only a superuser may do that
 */
export async function closeDoors(client: ClientBase): Promise<void> {
  const statements = await openDoors(client);
  if (statements.length === 0) return;
  if (!(await isSuperuser(client))) {
    throw new UsageError(`A superuser has to run this in the database once:\n${statements.join(';\n')};`);
  }
  await client.query(statements.join('; '));
}

async function isSuperuser(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper');
  return rowCount === 1;
}

async function openDoors(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(OPEN_DOORS);
  return rows.map(({ statement }) => statement);
}
