/** Placeholder for the database that `npm start` brings up itself. */
const OWN_DATABASE = 'postgres://127.0.0.1/millrace';

/**
 * Validates the settings with the rules of API and workers, before anything is started. Needs the build: the
 * rules are in libs/config.
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} naming all faults
 */
export async function checkSettings(env) {
  const { loadEnvironment } = await import('../../dist/libs/config/index.js');
  loadEnvironment({ ...env, DATABASE_URL: env.DATABASE_URL || OWN_DATABASE });
}
