import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { waitForCount } from './database.js';
import type { Pipeline, Stage } from './end-to-end.js';
import { prepareLoad } from './processes.js';

export interface Latency {
  readonly ackP50: number;
  readonly ackP99: number;
  readonly visibleP50: number;
  readonly visibleP99: number;
}

const EVENTS_PER_REQUEST = 1000;
/** Rare enough for the probe not to add to the load. */
const PROBE_EVERY_MS = 150;
const LOOK_EVERY_MS = 10;
/**
 * Enough for the requests in flight. A connection that idles makes TCP restart with a small window: with 16 of them
 * under BBR, 1 % of requests stalled for 20–30 ms, and p99 was 27–50 ms instead of 23–29 (three runs each, in turns).
 */
const CONNECTIONS = 4;
/** Load before measuring starts. In the first half second, everything cold, ten of 900 requests took 60–220 ms. */
const RUN_IN_SECONDS = 5;

/**
 * (d) At a fixed rate: milliseconds until a batch is acknowledged, and from the acknowledgement of a probe event until
 * a query over HTTP counts it.
 * @param eventsPerSecond load during the measurement
 */
export async function measureLatency(
  stage: Stage,
  pipeline: Pipeline,
  eventsPerSecond: number,
  seconds: number,
): Promise<Latency> {
  const rate = eventsPerSecond / EVENTS_PER_REQUEST;
  const load = await prepareLoad({
    port: pipeline.port,
    path: '/v1/events',
    apiKeys: stage.database.apiKeys,
    requests: Math.ceil(rate * (RUN_IN_SECONDS + seconds)),
    runIn: Math.ceil(rate * RUN_IN_SECONDS),
    eventsPerRequest: EVENTS_PER_REQUEST,
    connections: CONNECTIONS,
    rate,
    seed: 4,
    spreadSeconds: RUN_IN_SECONDS + seconds,
  });
  const running = load.go();
  const visible = await probe(pipeline.port, stage.database.apiKeys.at(-1)!, seconds);
  const { latencies, accepted } = await running;
  const client = new pg.Client({ connectionString: stage.database.url });
  await client.connect();
  await waitForCount(client, 'SELECT sum(received) AS n FROM ledger', accepted);
  await client.end();
  return {
    ackP50: at(latencies, 0.5),
    ackP99: at(latencies, 0.99),
    visibleP50: at(visible, 0.5),
    visibleP99: at(visible, 0.99),
  };
}

const at = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;

/** Posts single events and polls until each is counted. Returns sorted milliseconds, without the run-in. */
async function probe(port: number, apiKey: string, seconds: number): Promise<number[]> {
  const base = `http://127.0.0.1:${port}`;
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
  const ask = async (marker: string): Promise<number> => {
    const response = await fetch(
      `${base}/v1/aggregates?type=command_execution&window=1d&where%5Bcommand_name%5D=${marker}&from=${today()}`,
      { headers },
    );
    const answer = (await response.json()) as { series: { points: { count: number }[] }[] };
    return answer.series[0]?.points.reduce((sum, point) => sum + point.count, 0) ?? 0;
  };
  const latencies: number[] = [];
  const start = performance.now() + RUN_IN_SECONDS * 1000;
  const end = start + (seconds - 1) * 1000;
  for (let i = 0; performance.now() < end; i++) {
    const marker = `probe-${i}`;
    const payload = { command_name: marker, execution_time_ms: i, status: 'success' };
    await fetch(`${base}/v1/events`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ type: 'command_execution', payload }),
    });
    const accepted = performance.now();
    while ((await ask(marker)) === 0) await sleep(LOOK_EVERY_MS);
    if (accepted > start) latencies.push(performance.now() - accepted);
    await sleep(PROBE_EVERY_MS);
  }
  return latencies.sort((a, b) => a - b);
}

const today = () => `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
