/**
 * Settings of the API and the workers: the caller's, with this checkout's secrets where the caller sets none.
 * @param {NodeJS.ProcessEnv} env
 * @param {ReturnType<typeof import('./credentials.mjs').loadCredentials>} credentials
 * @param {string} logLevel where the caller sets none
 */
export function applicationEnvironment(env, { jwtSecret, adminToken }, logLevel) {
  const settings = { ...env };
  settings.LOG_LEVEL ||= logLevel;
  settings.ADMIN_TOKEN ||= adminToken;
  settings.JWT_SECRET ||= jwtSecret;
  return settings;
}
