/** Stands for the database that `npm start` brings up by itself. */
const OWN_DATABASE = 'postgres://127.0.0.1/millrace';

/**
 * Reads the settings as API and workers will, before anything is brought up for them. Wants a build: the rules stand
 * in libs/config.
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} naming every fault at once
 */
export async function checkSettings(env) {
  const { loadEnvironment } = await import('../../dist/libs/config/index.js');
  loadEnvironment({ ...env, DATABASE_URL: env.DATABASE_URL || OWN_DATABASE });
}
