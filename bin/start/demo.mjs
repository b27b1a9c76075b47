import { runCommand } from './command-line.mjs';
import { saveCredentials } from './credentials.mjs';
import { databaseIdentity } from './database.mjs';

/**
 * The demo organization of this database, created the first time this checkout meets it: its keys are
 * shown once and stored nowhere but here.
 * @param {string} owner the owner's URL
 * @param {ReturnType<typeof import('./credentials.mjs').loadCredentials>} credentials
 */
export async function demoOrganization(owner, credentials) {
  const identity = await databaseIdentity(owner);
  if (!credentials.demo[identity]) {
    // Not to be aborted: an organization whose keys were never read would be of no use.
    const output = await runCommand('demo', owner);
    credentials.demo[identity] = JSON.parse(output.trim().split('\n').at(-1));
    saveCredentials(credentials);
  }
  return credentials.demo[identity];
}
