import { today } from '../closed.js';
import { type Stage, startPipeline, stopPipeline } from '../end-to-end.js';
import { prepareLoad } from '../processes.js';
import { Random } from '../random.js';
import type { Figures } from '../report.js';
import { CROWD } from './fill.js';
import { Asker, p99 } from './timed.js';

const READERS = 64;
const SECONDS = 20;
/** Seconds after the start, when code and caches are cold, of which the times do not count. */
const RUN_IN_SECONDS = 5;
const EVENTS_PER_REQUEST = 1000;
const DAY_MS = 86_400_000;
const SLOT_MS = 1_800_000;
const USERS = 1_000;
/** Half of what a slow machine takes in. */
const EVENTS_PER_SECOND = 30_000;

/** What a team's dashboards and developers ask, */
const questions = (random: Random) => [
  '/v1/aggregates?type=command_execution&measure=execution_time_ms&window=1h&group_by=command_name&stats=p95',
  '/v1/aggregates?type=page_view&window=1m&group_by=page',
  '/v1/aggregates?type=agent_interaction&measure=input_tokens&window=1d&stats=sum&compare=previous',
  '/api/metrics/dashboard?time_range=7d',
  '/api/metrics/real-time/1h',
  '/v1/events?limit=100',
  '/v1/active-users?granularity=month',
  '/v1/ledger',
  `/v1/events?session_id=session-${Math.floor(random.next() * USERS)}-${sessionSlot(random)}&limit=100`,
];

/** The sessions of the event stream are named by user and half hour: one of yesterday. */
const sessionSlot = (random: Random) => Math.floor((today() - 1 - random.next() * DAY_MS) / SLOT_MS);

/** Sixty-four readers while events come in at a fixed rate, against the same rate without readers. */
export async function measureMixed(stage: Stage): Promise<Figures> {
  const pipeline = await startPipeline(stage);
  const alone = await ingest(stage, 1);
  const times: number[] = [];
  const begun = performance.now();
  let isOver = false;
  const readers = Array.from({ length: READERS }, async (_, reader) => {
    const random = new Random(reader);
    while (!isOver) {
      const isRunIn = performance.now() - begun < RUN_IN_SECONDS * 1000;
      const time = await ask(stage, random);
      if (!isRunIn) times.push(time);
    }
  });
  const underReads = await ingest(stage, 2);
  isOver = true;
  await Promise.all(readers);
  await stopPipeline(pipeline);
  return { mixed_p99_ms: p99(times), ingest_under_reads_ratio: underReads / alone };
}

/** @returns events a second, from the first request to the last answer */
async function ingest({ ports, database }: Stage, seed: number): Promise<number> {
  const load = await prepareLoad({
    ...{ port: ports[0]!, path: '/v1/events', apiKeys: database.apiKeys, connections: 8, crowd: CROWD },
    requests: (EVENTS_PER_SECOND * SECONDS) / EVENTS_PER_REQUEST,
    eventsPerRequest: EVENTS_PER_REQUEST,
    rate: EVENTS_PER_SECOND / EVENTS_PER_REQUEST,
    seed,
    spreadSeconds: SECONDS,
  });
  const { accepted, startedAt, finishedAt } = await load.go();
  return (accepted / (finishedAt - startedAt)) * 1000;
}

/** Asks a random question of an organization, the larger ones more often. @returns milliseconds */
async function ask({ ports, database }: Stage, random: Random): Promise<number> {
  const organization = Math.min(49, Math.floor(1 / (1 - random.next() * 0.98)) - 1);
  const asker = new Asker(ports[0]!, database.apiKeys[organization]!);
  const start = performance.now();
  await asker.get(random.pick(questions(random)));
  return performance.now() - start;
}
