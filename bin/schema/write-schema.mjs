import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from '../build/prepare.mjs';
import { root } from '../checkout/root.mjs';
import { runCommand } from '../start/command-line.mjs';
import { startTestServers } from '../test/servers.mjs';

/**
 * `npm run schema`: migrates an empty database on a separate server and writes docs/schema.sql from it.
 * @param {import('../process/shutdown.mjs').Shutdown} shutdown stops the server
 */
export async function writeSchema(shutdown) {
  const { signal } = shutdown;
  await prepare(signal);
  const onStarted = (rank, stop) => shutdown.add(rank, stop);
  const { TEST_DATABASE_URL: url } = await startTestServers(onStarted, { redis: false });
  await runCommand('migrate', url, signal);
  // Needs a package, so it is loaded after they are installed.
  const { dumpSchema } = await import('./dump-schema.mjs');
  writeFileSync(join(root, 'docs/schema.sql'), await dumpSchema(url));
}
