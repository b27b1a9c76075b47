import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort } from '../process/free-port.mjs';
import { requireProgram } from '../process/system-package.mjs';

// As in production: a write is on disk before it is acknowledged, and nothing is evicted.
const durability = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
// Nearly all of a queue's log is obsolete. With the default of 64 MB it is rewritten every few seconds, and the forks
// cost as much CPU as the rest of Redis.
const log = ['--auto-aof-rewrite-min-size', '512mb'];
const settings = [...durability, ...log, '--maxmemory-policy', 'noeviction', '--loglevel', 'warning'];

/**
 * Starts a Redis server on a free port of 127.0.0.1, with its files in a new directory.
 * @param {{ parent?: string, databases?: number }} [options] `parent` is where that directory is made
 */
export async function startRedis({ parent = tmpdir(), databases = 16 } = {}) {
  requireProgram('redis-server', { 'apt-get': 'redis-server', apk: 'redis', dnf: 'redis', brew: 'redis' });
  const directory = mkdtempSync(join(parent, 'millrace-redis-'));
  const { child, port } = await launch(directory, databases);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function launch(directory, databases, attempts = 3) {
  const port = await anyFreePort();
  const own = { port, bind: '127.0.0.1', dir: directory, databases };
  const args = [...Object.entries(own).flatMap(([name, value]) => [`--${name}`, `${value}`]), ...settings];
  // Detached: Ctrl-C must not stop it before the tests have stopped.
  const child = spawn('redis-server', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  while (child.exitCode === null) {
    if (await answersPing(port)) return { child, port };
    await sleep(20);
  }
  // Another process may have taken the port in the meantime.
  if (attempts > 1) return launch(directory, databases, attempts - 1);
  throw new Error(`redis-server did not start:\n${output.trim()}`);
}

function answersPing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}
