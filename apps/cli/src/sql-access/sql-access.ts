import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { loadEnvironment } from '#config';
import { readerRole } from '#database';
import { listOrganizations } from '#identity';
import { CLI } from '../admin/cli-actor.js';
import { organizationOf } from '../admin/organization-of.js';
import type { Act } from '../admin/run-act.js';
import { readArguments } from '../arguments/read-arguments.js';
import { connectionString } from './connection-string.js';
import { listReaders } from './reader.store.js';
import { scramVerifier } from './scram-verifier.js';
import { SqlAccessAdministration } from './sql-access-administration.js';

/** `sql-access`: roles with which organizations read in SQL. */
export const SQL_ACCESS: Readonly<Record<string, Act>> = {
  create: {
    usage: 'sql-access create <organization id>',
    prepare: (args) => {
      const organizationId = organizationOf(readArguments(args, ['organization id']).values[0]!);
      return { run: (pool) => create(pool, organizationId) };
    },
  },
  list: {
    usage: 'sql-access list',
    prepare: (args) => {
      readArguments(args, []);
      return { role: 'worker', run: list };
    },
  },
  revoke: {
    usage: 'sql-access revoke <organization id>',
    prepare: (args) => {
      const organizationId = organizationOf(readArguments(args, ['organization id']).values[0]!);
      return {
        run: async (pool) =>
          (await new SqlAccessAdministration(pool).revoke(CLI, organizationId)) ? [] : null,
      };
    },
  },
};

async function create(pool: Pool, organizationId: string): Promise<readonly object[] | null> {
  const password = randomBytes(24).toString('base64url');
  const reader = await new SqlAccessAdministration(pool).create(CLI, organizationId, scramVerifier(password));
  if (!reader) return null;
  const { role, otherDatabases } = reader;
  return [
    {
      organization_id: organizationId,
      role,
      connection_string: connectionString(loadEnvironment().DATABASE_URL, role, password),
      other_databases: otherDatabases,
    },
  ];
}

/** The organizations that have SQL access. */
async function list(pool: Pool): Promise<readonly object[]> {
  const readers = await listReaders(pool);
  return (await listOrganizations(pool))
    .map(({ id, name }) => ({ organization_id: id, name, role: readerRole(id) }))
    .filter(({ role }) => readers.has(role));
}
