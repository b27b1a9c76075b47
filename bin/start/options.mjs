import { parseArgs } from 'node:util';

/**
 * Reads the arguments of `npm start`, and the address to listen on.
 * @param {string[]} argv
 * @param {NodeJS.ProcessEnv} env
 * @throws Error with a one-line message
 */
export function startOptions(argv, env) {
  const { values } = parseArgs({ args: argv, options: { workers: { type: 'string', default: '1' } } });
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
    throw new Error(`--workers must be a number from 1 to 64, not "${values.workers}".`);
  }
  // checkSettings checks all other values.
  const port = Number(env.PORT || 3000);
  if (port === 0) throw new Error('PORT must not be 0: the first free port from it upward is used.');
  return { workers, port, host: env.HOST || '127.0.0.1' };
}
