import { bodies } from './bodies.mjs';
import { loadTestOptions } from './options.mjs';
import { table } from './table.mjs';

/**
 * `npm run load-test`: posts batches to a running server for a few seconds and prints a table.
 * @param {string[]} argv
 * @returns {Promise<number>} exit code: 1 when a request was not answered 202
 */
export async function loadTest(argv) {
  const options = loadTestOptions(argv);
  const { url, key, seconds, connections, batch, rate } = options;
  // Imported here because the first run installs it.
  const { default: autocannon } = await import('autocannon');
  console.log(`${url}: ${seconds} s, ${connections} connections, ${batch} events per request …`);
  const run = autocannon({
    url: `${url}/v1/events`,
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    requests: bodies(batch).map((body) => ({ body })),
    connections,
    duration: seconds,
    ...(rate ? { overallRate: rate } : {}),
  });
  process.once('SIGINT', () => run.stop());
  const result = await run;
  console.log(table(result, options));
  const { total } = result.requests;
  const accepted = result.statusCodeStats?.['202']?.count ?? 0;
  return accepted === total && result.errors === 0 ? 0 : 1;
}
