import { Shutdown } from '../process/shutdown.mjs';
import { Tally } from './tally.mjs';

/**
 * Runs tests, stops what they started, and exits. The last line is the tally, except after an interrupt.
 * @param {(session: Session) => Promise<void>} work
 */
export async function inSession(work) {
  const session = new Session();
  const { shutdown, tally } = session;
  const interrupted = async () => {
    if (!shutdown.signal.aborted) console.log('\nInterrupted; stopping what was started …');
    await shutdown.stop();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupted);
  try {
    await shutdown.run(() => work(session));
  } catch (error) {
    if (!shutdown.signal.aborted) tally.fail(error);
  }
  if (shutdown.signal.aborted) return;
  await shutdown.stop();
  console.log(String(tally));
  process.exit(tally.failed > 0 ? 1 : 0);
}

/** One run of tests, with what it started and its results. */
export class Session {
  shutdown = new Shutdown();
  tally = new Tally();

  get signal() {
    return this.shutdown.signal;
  }

  /**
   * Runs and times one step. A step that throws counts as one failure; the next one still runs.
   * @param {string} name
   * @param {() => Promise<void>} run
   */
  async step(name, run) {
    this.signal.throwIfAborted();
    console.log(`\n── ${name}`);
    const begun = performance.now();
    const failedBefore = this.tally.failed;
    await run().catch((error) => this.tally.fail(error));
    this.signal.throwIfAborted();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`── ${name}: ${this.tally.failed > failedBefore ? 'FAILED' : 'ok'}, ${seconds} s`);
  }
}
