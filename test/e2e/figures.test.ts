import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const SETTINGS = { CACHE_TTL_SECONDS: '60' };

interface Performance {
  readonly ingestion_rate: number;
  readonly processing_latency_ms: number | null;
  readonly query_response_time_ms: number | null;
  readonly memory_usage_mb: number;
  readonly active_connections: number;
  readonly cache_hit_rate: number | null;
  readonly api_replicas: number;
  readonly workers: number;
}

let running: RunningApi;
let replica: BuiltProcess;
let client: HttpClient;
let there: HttpClient;

beforeAll(async () => {
  running = await startApi({ settings: SETTINGS, workers: 2 });
  replica = await running.startReplica();
  client = new HttpClient(running.url, running.caller.adminKey);
  there = new HttpClient(replica.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

async function performanceAt(url: string, key = running.caller.readKey): Promise<Performance> {
  const response = await fetch(`${url}/api/metrics/performance`, {
    headers: { 'x-api-key': key, connection: 'close' },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Performance;
}

async function statsOf(key = running.caller.readKey) {
  const { body } = await client.send({ path: '/api/metrics/stats', key });
  return body as unknown as Record<string, unknown>;
}

it('both replicas tell the same of all processes', async () => {
  for (const url of [running.url, replica.url]) {
    const figures = await eventually('all four have reported', async () => {
      const found = await performanceAt(url);
      return found.api_replicas === 2 && found.workers === 2 && found;
    });
    expect(figures.memory_usage_mb).toBeGreaterThan(4 * 40);
    expect(figures.memory_usage_mb).toBeLessThan(4 * 400);
  }
});
