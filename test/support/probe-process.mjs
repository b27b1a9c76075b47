// Polls a URL every few milliseconds in its own process, so that the work of the tests is not measured. For
// each line on stdin prints the latencies since the previous line as JSON.
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';

const [url, interval, pid] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const agent = new Agent({ keepAlive: true });
let lap = newLap();

function newLap() {
  return { count: 0, failures: 0, slowest: 0, longestHold: 0 };
}

/** Milliseconds that a process's main thread was ready to run and did not get a processor. */
function starved(ofPid) {
  try {
    return Number(readFileSync(`/proc/${ofPid}/task/${ofPid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
const machine = () => starved(pid) + starved(process.pid);

const ask = () =>
  new Promise((resolve) => {
    const [started, before] = [performance.now(), machine()];
    const done = (ok) => {
      const took = performance.now() - started;
      lap.count++;
      if (!ok) lap.failures++;
      lap.slowest = Math.max(lap.slowest, took);
      // Without the time that the machine spends on other processes.
      lap.longestHold = Math.max(lap.longestHold, took - (machine() - before));
      resolve();
    };
    get(url, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode === 200));
    }).on('error', () => done(false));
  });

// Warm up: the first answers include compiling code and connecting in this process.
for (let i = 0; i < 20; i++) await ask();
lap = newLap();

let laps = 0;
createInterface(process.stdin)
  .on('line', () => laps++)
  .on('close', () => process.exit(0));
process.stdout.write('ready\n');
for (;;) {
  await ask();
  await new Promise((resolve) => setTimeout(resolve, interval));
  for (; laps > 0; laps--) {
    process.stdout.write(`${JSON.stringify(lap)}\n`);
    lap = newLap();
  }
}
