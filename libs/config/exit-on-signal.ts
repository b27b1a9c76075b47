import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INestApplicationContext } from '@nestjs/common';

/**
 * Shuts the application down on a signal, then exits with code 0. Re-sending the signal, as Nest does by default, has no
 * effect on process 1 of a container.
 */
export function exitOnSignal(app: INestApplicationContext): void {
  app.enableShutdownHooks([], { useProcessExit: true });
  process.once('exit', collectGarbage);
}

/**
 * `process.exit` joins V8's threads. One that compiles may be waiting for a collection, which the exiting thread never
 * runs: the process hangs (https://github.com/nodejs/node/issues/54918; seen once, on Node.js 26 under load).
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
