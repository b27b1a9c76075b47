import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stateDirectory } from '../checkout/root.mjs';
import { readPrivate, writePrivate } from './private-file.mjs';

const file = join(stateDirectory, 'credentials.json');
const secret = () => randomBytes(32).toString('hex');

/**
 * The secrets of this checkout, made up on its first start.
 * @returns {{ postgresPassword: string, apiPassword: string, workerPassword: string, jwtSecret: string,
 *   adminToken: string, demo: Record<string, Demo> }} `demo` by database identity
 * @typedef {{ organization_id: string, api_key: string, admin_key: string }} Demo
 */
export function loadCredentials() {
  const known = readPrivate(file);
  if (known) return known;
  if (existsSync(join(stateDirectory, 'postgres/data'))) {
    throw new Error(
      `${file} is missing: put it back, or remove ${stateDirectory} to start over without data.`,
    );
  }
  const credentials = {
    postgresPassword: secret(),
    apiPassword: secret(),
    workerPassword: secret(),
    jwtSecret: secret(),
    adminToken: secret(),
    demo: {},
  };
  saveCredentials(credentials);
  return credentials;
}

/** @param {ReturnType<typeof loadCredentials>} credentials */
export const saveCredentials = (credentials) => writePrivate(file, credentials);
