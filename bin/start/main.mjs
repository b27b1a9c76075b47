import { createStateDirectory } from '../checkout/root.mjs';
import { takeLock } from '../process/pid-lock.mjs';
import { Shutdown } from '../process/shutdown.mjs';
import { bringUp, rank } from './bring-up.mjs';
import { startOptions } from './options.mjs';
import { readRuntime } from './runtime-file.mjs';

/**
 * `npm start` and `npm run dev`: start everything, keep it running, and stop it on a signal.
 * @param {import('./mode.mjs').Mode} mode
 * @throws on an invalid argument, and when the Millrace of this checkout is already running
 */
export async function main(mode) {
  const options = startOptions(process.argv.slice(2), process.env);
  const lock = lockCheckout();
  const shutdown = new Shutdown();
  shutdown.add(rank.files, () => lock.release());
  stopOnSignals(shutdown);
  try {
    await shutdown.run(() => bringUp(options, shutdown, mode));
  } catch (error) {
    // A step may have failed only because stopping began; then the signal decides the exit code.
    if (!shutdown.signal.aborted) await end(shutdown, error);
  }
}

/** One Millrace per checkout. */
function lockCheckout() {
  const lock = takeLock(`${createStateDirectory()}/start.lock`);
  if (lock.heldBy === undefined) return lock;
  const url = readRuntime()?.url;
  const state = url ? `already running here: ${url}` : 'already starting here';
  throw new Error(`Millrace is ${state} (pid ${lock.heldBy}).`);
}

function stopOnSignals(shutdown) {
  const stop = (why) => {
    if (!shutdown.signal.aborted) console.log(`\n[start] ${why}: finishing open work …`);
    end(shutdown);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop(name));
  process.on('disconnect', () => stop('Parent process ended'));
  process.on('uncaughtException', (error) => end(shutdown, error));
  // After a hang-up the terminal is gone; stopping continues without output.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

async function end(shutdown, error) {
  if (error) console.error(`[start] ${error.message}`);
  await shutdown.stop();
  if (!error) console.log('[start] Stopped.');
  process.exit(error ? 1 : 0);
}
