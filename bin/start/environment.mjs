/**
 * What the API and the workers have in common: the caller's settings, with the secrets made up for this
 * checkout where the caller has none.
 * @param {NodeJS.ProcessEnv} env
 * @param {ReturnType<typeof import('./credentials.mjs').loadCredentials>} credentials
 */
export function applicationEnvironment(env, { jwtSecret, adminToken }) {
  const settings = { ...env };
  settings.LOG_LEVEL ||= 'warn';
  settings.ADMIN_TOKEN ||= adminToken;
  settings.JWT_SECRET ||= jwtSecret;
  return settings;
}
