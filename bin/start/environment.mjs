/**
 * Settings of the API and the workers: those of the caller, with the secrets of this checkout as defaults.
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
