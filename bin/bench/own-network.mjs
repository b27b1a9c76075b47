import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux's default congestion control. */
const DEFAULT = 'cubic';
const IN_USE = '/proc/sys/net/ipv4/tcp_congestion_control';
/** Set for the process that runs inside the network namespace. */
const INSIDE = 'MILLRACE_BENCH_NETWORK';

// A namespace cannot set a default algorithm that the machine does not allow, but a route can.
const SET_UP = [
  'ip link set lo up',
  ...['127.0.0.0/8', '127.0.0.1'].map(
    (to) => `ip route replace local ${to} dev lo src 127.0.0.1 table local congctl lock ${DEFAULT}`,
  ),
].join(' && ');

/**
 * If the machine's congestion control is not Linux's default, runs this command again in a network namespace
 * whose loopback device uses the default. Needs root, `unshare` and `ip`; without them it continues with a
 * warning.
 *
 * BBR delays batches of 230 kB on the loopback device: p99 of an acknowledgement was 17–31 ms with it (five
 * runs), 17–18 ms with cubic (four).
 *
 * @returns {Promise<number | null>} the exit code of that run; null when the caller continues itself
 */
export async function runInOwnNetwork() {
  const inUse = process.env[INSIDE] ? DEFAULT : congestionControl();
  if (inUse === DEFAULT) return null;
  if (process.getuid() !== 0 || spawnSync('unshare', ['--net', 'sh', '-c', SET_UP]).status !== 0) {
    console.log(`TCP congestion control is ${inUse}, not Linux's default ${DEFAULT}: latencies may suffer.`);
    return null;
  }
  console.log(`Running in a network namespace with TCP congestion control ${DEFAULT} instead of ${inUse}.`);
  const again = ['sh', process.execPath, ...process.argv.slice(1)];
  const child = spawn('unshare', ['--net', 'sh', '-c', `${SET_UP} && exec "$@"`, ...again], {
    env: { ...process.env, [INSIDE]: 'yes' },
    stdio: 'inherit',
  });
  // Ctrl-C reaches both processes; a SIGTERM to this one is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function congestionControl() {
  try {
    return readFileSync(IN_USE, 'utf8').trim();
  } catch {
    return DEFAULT;
  }
}
