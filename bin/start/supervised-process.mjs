import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { root } from '../checkout.mjs';
import { prefixOutput } from './child-output.mjs';

const preload = fileURLToPath(new URL('supervised.mjs', import.meta.url));
const firstDelay = 500;
const longestDelay = 30_000;
const settled = 60_000;

/** One API or worker process, started again whenever it dies. */
export class SupervisedProcess {
  #delay = firstDelay;
  #stopping = false;
  #timer;
  #child;

  /** How often it died. */
  deaths = 0;

  /**
   * @param {{ name: string, script: string, nodeArguments: string[], environment: () => Promise<Record<string, string>>,
   *   onSpawn: () => void }} options `environment` is asked anew for every start
   */
  constructor({ name, script, nodeArguments, environment, onSpawn }) {
    this.name = name;
    this.script = script;
    this.nodeArguments = nodeArguments;
    this.environment = environment;
    this.onSpawn = onSpawn;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    try {
      const env = await this.environment();
      if (!this.#stopping) this.#spawn(env);
    } catch (error) {
      this.#startAgain(`cannot start (${error.message})`);
    }
  }

  #spawn(env) {
    const startedAt = Date.now();
    // Detached: its own process group, so that Ctrl-C reaches the start process alone, which stops all in order.
    const child = spawn(process.execPath, [...this.nodeArguments, '--import', preload, this.script], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    prefixOutput(child, this.name);
    child.once('exit', (code, signal) => this.#exited(code, signal, Date.now() - startedAt));
    this.onSpawn();
  }

  #exited(code, signal, lived) {
    const { pid } = this.#child;
    this.#child = undefined;
    if (this.#stopping) return;
    if (lived >= settled) this.#delay = firstDelay;
    this.#startAgain(`(pid ${pid}) ${signal ? `was killed by ${signal}` : `ended with code ${code}`}`);
  }

  #startAgain(why) {
    this.deaths++;
    console.log(`[start] ${this.name} ${why}; starting it again in ${this.#delay / 1000} s.`);
    this.#timer = setTimeout(() => this.start(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, longestDelay);
  }

  /**
   * Lets it finish what it does, for a limited time.
   * @param {number} milliseconds
   */
  async stop(milliseconds) {
    this.#stopping = true;
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
