import { once } from 'node:events';
import { prefixOutput } from './child-output.mjs';

const firstDelay = 500;
const longestDelay = 30_000;
// A process that lived this many milliseconds is restarted after the first delay again.
const settled = 60_000;

/** An API or worker process that is restarted when it dies. */
export class SupervisedProcess {
  #delay = firstDelay;
  #restarting = false;
  #stopped = false;
  #timer;
  #child;

  /** Number of deaths since the last requested start. */
  deaths = 0;

  /**
   * @param {object} options
   * @param {string} options.name shown in front of its output
   * @param {(launch: import('./spawn-service.mjs').Launch) => import('node:child_process').ChildProcess |
   *   Promise<import('node:child_process').ChildProcess>} options.start
   * @param {() => Promise<import('./spawn-service.mjs').Launch>} options.launch what to start, asked before every start
   * @param {() => void} options.onSpawn
   * @param {(line: string) => string} options.formatLine
   * @param {boolean} options.startsAgain false: a dead process waits for `restart()`
   */
  constructor({ name, start, launch, onSpawn, formatLine, startsAgain }) {
    this.name = name;
    this.startProcess = start;
    this.launch = launch;
    this.onSpawn = onSpawn;
    this.formatLine = formatLine;
    this.startsAgain = startsAgain;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    try {
      const launch = await this.launch();
      if (!this.#stopped) this.#watch(await this.startProcess(launch));
    } catch (error) {
      this.#died(`cannot start (${error.message})`);
    }
  }

  /**
   * Stops the process gracefully if it runs, and starts it immediately.
   * @param {number} milliseconds after which it is killed
   */
  async restart(milliseconds) {
    this.#restarting = true;
    await this.#end(milliseconds);
    this.#restarting = false;
    this.#delay = firstDelay;
    this.deaths = 0;
    if (!this.#stopped) await this.start();
  }

  #watch(child) {
    const startedAt = Date.now();
    this.#child = child;
    prefixOutput(child, this.name, this.formatLine);
    child.once('exit', (code, signal) => this.#exited(code, signal, Date.now() - startedAt));
    this.onSpawn();
  }

  #exited(code, signal, lived) {
    const { pid } = this.#child;
    this.#child = undefined;
    if (this.#stopped || this.#restarting) return;
    if (lived >= settled) this.#delay = firstDelay;
    this.#died(`(pid ${pid}) ${signal ? `was killed by ${signal}` : `ended with code ${code}`}`);
  }

  #died(why) {
    this.deaths++;
    if (!this.startsAgain) {
      console.log(`[start] ${this.name} ${why}; waiting for a change.`);
      return;
    }
    console.log(`[start] ${this.name} ${why}; restarting it in ${this.#delay / 1000} s.`);
    this.#timer = setTimeout(() => this.start(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, longestDelay);
  }

  /**
   * Stops the process gracefully; it is not started again.
   * @param {number} milliseconds after which it is killed
   */
  stop(milliseconds) {
    this.#stopped = true;
    return this.#end(milliseconds);
  }

  async #end(milliseconds) {
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      console.log(
        `[start] ${this.name} did not finish in ${(milliseconds / 1000).toFixed(1)} s; killing it.`,
      );
      child.kill('SIGKILL');
    }, milliseconds);
    await exit;
    clearTimeout(timer);
  }
}
