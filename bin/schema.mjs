import './node-version.mjs';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { root } = await import('./checkout.mjs');
const { prepare } = await import('./prepare.mjs');
const { startPostgres } = await import('./embedded-postgres.mjs');
const { runCommand } = await import('./start/command-line.mjs');

// `npm run schema`: migrates an empty database on a server of its own and writes docs/schema.sql from it.
await prepare();
const { dumpSchema } = await import('./schema/dump-schema.mjs');
const directory = mkdtempSync(join(tmpdir(), 'millrace-schema-'));
chmodSync(directory, 0o755);
try {
  const password = randomBytes(16).toString('hex');
  const postgres = await startPostgres({ directory, password, durable: false });
  try {
    await runCommand('migrate', postgres.url('postgres'));
    writeFileSync(join(root, 'docs/schema.sql'), await dumpSchema(postgres.url('postgres')));
  } finally {
    await postgres.stop();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
