import { prepare } from '../build/prepare.mjs';
import { spawnService } from '../services/spawn-service.mjs';

/**
 * The differences between `npm start` and `npm run dev`.
 * @typedef {object} Mode
 * @property {string} logLevel of API and workers, unless LOG_LEVEL is set
 * @property {(signal: AbortSignal) => Promise<void>} prepare installs and builds
 * @property {(index: number, name: string) => (launch: import('../services/spawn-service.mjs').Launch) =>
 *   import('node:child_process').ChildProcess | Promise<import('node:child_process').ChildProcess>} starter called once
 *   for each service, gives what starts its processes; the API has index 0, workers count from 1
 * @property {(line: string) => string | undefined} formatLine undefined leaves a line out
 * @property {boolean} startsAgain whether a service that dies is restarted automatically
 * @property {number} patience milliseconds that a service may take until it is ready
 * @property {(running: Running) => void} onServices called before the services start
 */

/**
 * @typedef {object} Running
 * @property {import('./processes.mjs').Service[]} services
 * @property {string} databaseUrl the owner's
 * @property {AbortSignal} signal aborted when stopping begins
 */

/** @type {Mode} */
export const startMode = {
  logLevel: 'warn',
  prepare,
  starter: () => spawnService,
  formatLine: (line) => line,
  startsAgain: true,
  patience: 60_000,
  onServices: () => {},
};
