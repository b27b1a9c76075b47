import { prepareOnceItCompiles } from './prepare.mjs';
import { readableLine } from './readable-line.mjs';
import { restartOnChange } from './restart-on-change.mjs';
import { warmStart } from './warm-start.mjs';

/** @type {import('../start/mode.mjs').Mode} */
export const devMode = {
  logLevel: 'info',
  prepare: prepareOnceItCompiles,
  starter: warmStart,
  formatLine: readableLine,
  startsAgain: false,
  patience: Number.POSITIVE_INFINITY,
  onServices: restartOnChange,
};
