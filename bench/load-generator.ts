import { type Crowd, EventStream } from './events.js';
import { LoadConnection, renderRequest } from './http-load.js';
import { Random } from './random.js';

/** The load that a generator sends. */
export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  /** One key for each organization of the stream, in its order. */
  readonly apiKeys: readonly string[];
  readonly requests: number;
  readonly eventsPerRequest: number;
  readonly connections: number;
  /** Requests a second; absent: as fast as the answers come. */
  readonly rate?: number;
  /** Number of first requests whose latency is not recorded. */
  readonly runIn?: number;
  readonly seed: number;
  /** Seconds over which the events' instants are spread. */
  readonly spreadSeconds: number;
  /** Instant of the first event, milliseconds since the epoch; absent: now. */
  readonly from?: number;
  readonly crowd?: Partial<Crowd>;
  /** Renders each request when it is due: more of them than fit into memory. */
  readonly isLong?: boolean;
}

export interface LoadResult {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly accepted: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** Sorted milliseconds from sending (with a rate: from the planned instant) to the response. */
  readonly latencies: readonly number[];
  /** CPU seconds between start and finish. */
  readonly cpu: number;
}

/** Renders the requests, reports ready, waits for the start message, sends them and reports the result. */
async function generate(plan: LoadPlan): Promise<void> {
  const render = renderer(plan);
  const rendered = plan.isLong ? null : Array.from({ length: plan.requests }, render);
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => LoadConnection.open(plan.port)),
  );
  process.send?.({ ready: true });
  await new Promise((resolve) => process.once('message', resolve));

  const statuses: Record<number, number> = {};
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const startedAt = Date.now();
  const start = performance.now();
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      for (let i = next++; i < plan.requests; i = next++) {
        const planned = plan.rate ? start + (i * 1000) / plan.rate : performance.now();
        const early = planned - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        const status = await connection.send(rendered?.[i] ?? render());
        if (i >= (plan.runIn ?? 0)) latencies.push(performance.now() - Math.max(planned, start));
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of connections) connection.close();
  const accepted = Object.entries(statuses).reduce((sum, [status, n]) => (status < '300' ? sum + n : sum), 0);
  const result: LoadResult = {
    startedAt,
    finishedAt: Date.now(),
    accepted: accepted * plan.eventsPerRequest,
    statuses,
    latencies: latencies.sort((a, b) => a - b),
    cpu: (user + system) / 1e6,
  };
  process.send?.(result, () => process.exit(0));
}

function renderer(plan: LoadPlan): () => Buffer {
  const { path, apiKeys, requests, eventsPerRequest, seed, spreadSeconds, crowd } = plan;
  const start = plan.from ?? Date.now();
  let made = 0;
  const step = (spreadSeconds * 1000) / (requests * eventsPerRequest);
  const clock = () => Math.floor(start + made++ * step);
  const stream = new EventStream(new Random(seed), clock, crowd);
  return () => {
    const { organization, events } = stream.batch(eventsPerRequest);
    const body = JSON.stringify(eventsPerRequest === 1 ? events[0] : events);
    return renderRequest(path, apiKeys[organization]!, body);
  };
}

process.once('message', (plan: LoadPlan) => void generate(plan));
