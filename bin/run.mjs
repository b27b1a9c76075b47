import './checkout/node-version.mjs';
import { spawnSync } from 'node:child_process';

const { root } = await import('./checkout/root.mjs');
const { prepare } = await import('./build/prepare.mjs');
const { commandScript } = await import('./start/command-line.mjs');
const { readRuntime } = await import('./start/runtime-file.mjs');

try {
  await prepare();
  const databaseUrl = process.env.DATABASE_URL || readRuntime()?.databaseUrl;
  if (!databaseUrl) throw new Error('No database: set DATABASE_URL, or run `npm start` here first.');
  const { status } = spawnSync(process.execPath, [commandScript, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
