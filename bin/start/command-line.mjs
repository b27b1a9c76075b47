import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../checkout/root.mjs';

/** The commands of Millrace: migrate, demo, verify, org, key. */
export const commandScript = join(root, 'dist/apps/cli/src/main.js');

/**
 * Runs a command as the database's owner.
 * @param {string} command
 * @param {string} databaseUrl
 * @param {AbortSignal} [signal] ends it early
 * @returns {Promise<string>} what it printed
 */
export function runCommand(command, databaseUrl, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandScript, command], {
      cwd: root,
      env: { LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: databaseUrl },
      detached: true,
      signal,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(output);
      else reject(new Error(`\`${command}\` ended with ${killedBy ?? `code ${code}`}.\n${output}`.trim()));
    });
  });
}
