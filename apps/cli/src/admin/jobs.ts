import { JobAdministration, UnknownSlot } from '#job-administration';
import { systemClock } from '#jobs';
import { instantOf } from '../arguments/instant.js';
import { readArguments } from '../arguments/read-arguments.js';
import { UsageError } from '../arguments/usage-error.js';
import { CLI } from './cli-actor.js';
import type { Act } from './run-act.js';

const ADMINISTRATION = 'api' as const;

/** An act on the job that the only argument names. */
const onJob = (
  usage: string,
  work: (administration: JobAdministration, name: string) => Promise<object | null>,
): Act => ({
  usage: `jobs ${usage} <name>`,
  prepare: (args) => {
    const [name] = readArguments(args, ['name']).values;
    return {
      role: ADMINISTRATION,
      run: async (pool) => listed(await work(new JobAdministration(pool, systemClock), name!)),
    };
  },
});

/** `jobs`: scheduled jobs. */
export const JOBS: Readonly<Record<string, Act>> = {
  list: {
    usage: 'jobs list',
    prepare: (args) => {
      readArguments(args, []);
      return { role: ADMINISTRATION, run: (pool) => new JobAdministration(pool, systemClock).list() };
    },
  },
  show: onJob('show', (administration, name) => administration.find(name)),
  run: {
    usage: 'jobs run <name> [--slot <instant>]',
    prepare: (args) => {
      const { values, options } = readArguments(args, ['name'], ['slot']);
      const slot = options.slot === undefined ? undefined : instantOf('slot', options.slot).getTime();
      return {
        role: ADMINISTRATION,
        run: async (pool) =>
          listed(
            await new JobAdministration(pool, systemClock).run(CLI, values[0]!, slot).catch(toUsageError),
          ),
      };
    },
  },
  pause: onJob('pause', (administration, name) => administration.pause(CLI, name)),
  resume: onJob('resume', (administration, name) => administration.resume(CLI, name)),
};

const listed = (result: object | null) => result && [result];

function toUsageError(error: unknown): never {
  throw error instanceof UnknownSlot ? new UsageError(`--slot ${error.message}`) : error;
}
