import { listOrganizations, OrganizationAdministration } from '#identity';
import { readArguments } from '../arguments/read-arguments.js';
import { CLI } from './cli-actor.js';
import type { Act } from './run-act.js';

/** `org`: organizations. */
export const ORG: Readonly<Record<string, Act>> = {
  create: {
    usage: 'org create <name>',
    prepare: (args) => {
      const [name] = readArguments(args, ['name']).values;
      return {
        role: 'api',
        run: async (pool) => [await new OrganizationAdministration(pool).create(CLI, name!)],
      };
    },
  },
  list: {
    usage: 'org list',
    prepare: (args) => {
      readArguments(args, []);
      // Only the worker's role sees all organizations.
      return { role: 'worker', run: listOrganizations };
    },
  },
};
