import type { Pool } from 'pg';
import { inTenant } from '#database';
import {
  ApiKeyAdministration,
  type ApiKeyDraft,
  ApiKeyStore,
  OrganizationAdministration,
  SCOPES,
  type Scope,
} from '#identity';
import { instantOf } from '../arguments/instant.js';
import { readArguments } from '../arguments/read-arguments.js';
import { UsageError } from '../arguments/usage-error.js';
import { CLI } from './cli-actor.js';
import { organizationOf } from './organization-of.js';
import type { Act } from './run-act.js';

/** More keys than any organization has: the command prints them all at once. */
const MOST_KEYS = 10_000;

/** `key`: API keys of an organization. */
export const KEY: Readonly<Record<string, Act>> = {
  create: {
    usage: 'key create <organization id> <name> --scopes ingest,read,admin [--expires 2027-01-31T12:00:00Z]',
    prepare: (args) => {
      const { values, options } = readArguments(args, ['organization id', 'name'], ['scopes', 'expires']);
      const organizationId = organizationOf(values[0]!);
      const draft: ApiKeyDraft = {
        name: values[1]!,
        scopes: scopesOf(options.scopes),
        ...(options.expires === undefined ? {} : { expiresAt: futureOf(options.expires, Date.now()) }),
      };
      return {
        role: 'api',
        run: async (pool) => {
          const key = await new ApiKeyAdministration(pool).create(CLI, organizationId, draft);
          return key && [key];
        },
      };
    },
  },
  list: {
    usage: 'key list <organization id>',
    prepare: (args) => {
      const organizationId = organizationOf(readArguments(args, ['organization id']).values[0]!);
      return { role: 'api', run: (pool) => keysOf(pool, organizationId) };
    },
  },
  revoke: {
    usage: 'key revoke <organization id> <public id>',
    prepare: (args) => {
      const { values } = readArguments(args, ['organization id', 'public id']);
      const organizationId = organizationOf(values[0]!);
      return {
        role: 'api',
        run: async (pool) =>
          (await new ApiKeyAdministration(pool).revoke(CLI, organizationId, values[1]!)) ? [] : null,
      };
    },
  },
};

async function keysOf(pool: Pool, organizationId: string): Promise<readonly object[] | null> {
  if (!(await new OrganizationAdministration(pool).find(organizationId))) return null;
  return inTenant(pool, organizationId, (client) =>
    new ApiKeyStore(client, organizationId).list(MOST_KEYS, null),
  );
}

function scopesOf(list: string | undefined): Scope[] {
  const names = [...new Set(list?.split(','))];
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (scopes.length === 0 || scopes.length < names.length) {
    throw new UsageError(`--scopes must be some of ${SCOPES.join(',')}`);
  }
  return scopes;
}

/** @param now milliseconds since the epoch */
function futureOf(instant: string, now: number): Date {
  const at = instantOf('expires', instant);
  if (at.getTime() <= now) throw new UsageError('--expires must be in the future');
  return at;
}
