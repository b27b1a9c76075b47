import { runCommand } from './command-line.mjs';
import { saveCredentials } from './credentials.mjs';
import { databaseIdentity } from './database.mjs';

/**
 * The demo organization of a database, created when this checkout first uses that database. Its keys are
 * shown once and stored only in `.millrace/credentials.json`.
 * @param {string} owner the owner's URL
 * @param {ReturnType<typeof import('./credentials.mjs').loadCredentials>} credentials
 */
export async function demoOrganization(owner, credentials) {
  const identity = await databaseIdentity(owner);
  if (!credentials.demo[identity]) {
    // Without a signal: if aborted, it would leave an organization whose keys are unknown.
    const output = await runCommand('demo', owner);
    credentials.demo[identity] = JSON.parse(output.trim().split('\n').at(-1));
    saveCredentials(credentials);
  }
  return credentials.demo[identity];
}
