import { join } from 'node:path';
import { stateDirectory } from '../checkout/root.mjs';
import { isFree } from '../process/free-port.mjs';
import { prepareOnceItCompiles } from './prepare.mjs';
import { readableLine } from './readable-line.mjs';
import { restartOnChange } from './restart-on-change.mjs';

const inspectorHost = '127.0.0.1';
// The API's; workers have the ports above it.
const firstInspectorPort = 9229;

/** @type {import('../start/mode.mjs').Mode} */
export const devMode = {
  logLevel: 'info',
  prepare: prepareOnceItCompiles,
  nodeArguments: async (index, name) => ['--enable-source-maps', ...(await inspector(index, name))],
  // Node.js 22 and newer keep compiled code there: the API starts in half the time. Node.js 20 ignores it.
  environment: { NODE_COMPILE_CACHE: join(stateDirectory, 'compile-cache') },
  formatLine: readableLine,
  startsAgain: false,
  patience: Number.POSITIVE_INFINITY,
  onServices: restartOnChange,
};

async function inspector(index, name) {
  const port = firstInspectorPort + index;
  if (await isFree(port, inspectorHost)) {
    // Published over HTTP only: debuggers look there, and the two lines on stderr come again with every restart.
    return [`--inspect=${inspectorHost}:${port}`, '--inspect-publish-uid=http'];
  }
  console.log(`[dev] Port ${port} is taken: ${name} runs without an inspector.`);
  return [];
}
