import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createPool } from '#database';
import { ApiKeyAdministration, OrganizationAdministration, type Scope } from '#identity';
import { BuiltProcess, freePort } from './built-process.js';
import { createDatabase } from './e2e-database.js';
import { ownRedisDatabase } from './redis-database.js';
import { TESTER } from './tester.js';

const STORED_MS = 15_000;

// Starting and stopping processes may take long on a busy machine.
jest.setTimeout(60_000);

export interface RunningOptions {
  /** Queue backend; default: PostgreSQL. */
  readonly queue?: 'redis' | 'postgres';
  /** Number of workers; with none, accepted events stay in the queue. */
  readonly workers?: number;
  /** Further settings of the API. */
  readonly settings?: NodeJS.ProcessEnv;
}

/** An organization with a key for each purpose. */
export interface Caller {
  readonly organizationId: string;
  readonly adminKey: string;
  readonly ingestKey: string;
  readonly readKey: string;
}

/** A row of the table of events. */
export interface StoredEvent {
  readonly id: string;
  readonly ts: Date;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly src: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Built API and workers on their own database. */
export interface RunningApi {
  readonly url: string;
  readonly port: number;
  /** As superuser. */
  readonly databaseUrl: string;
  readonly api: BuiltProcess;
  /** Connection as superuser, which sees every row. */
  readonly database: pg.Client;
  /** The organization created at start. */
  readonly caller: Caller;
  /** Number of waiting jobs. */
  waitingJobs(): Promise<number>;
  /** Number of waiting, active and delayed jobs; PostgreSQL queue only. */
  unfinishedJobs(): Promise<number>;
  startWorker(): Promise<BuiltProcess>;
  /** Starts another API on the same database and queue. */
  startReplica(): Promise<BuiltProcess>;
  /** Creates another organization. */
  createCaller(): Promise<Caller>;
  /** Waits until an organization has this many events, and returns them. */
  untilStored(organizationId: string, count: number): Promise<StoredEvent[]>;
  stop(): Promise<void>;
}

/** Starts API and workers and waits until they are ready. */
export async function startApi(options: RunningOptions = {}): Promise<RunningApi> {
  const own = await createDatabase(required('TEST_DATABASE_URL'));
  const env = {
    DATABASE_URL: own.url,
    ...(options.queue === 'redis' ? { REDIS_URL: await ownRedisDatabase() } : {}),
    ...options.settings,
  };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = BuiltProcess.start('apps/api/src/main.js', { ...env, PORT: String(port) });
  const workers: BuiltProcess[] = [];
  const replicas: BuiltProcess[] = [];
  const database = new pg.Client({ connectionString: own.url });
  const pool = createPool({ databaseUrl: own.url, role: 'api', size: 2 });
  const stop = async () => {
    await Promise.all([api, ...replicas, ...workers].map((process) => process.stop()));
    await Promise.all([database.end(), pool.end()]);
    await own.drop();
  };
  try {
    await database.connect();
    const createCaller = () => newCaller(pool);
    const startWorker = async () => {
      const port = await freePort();
      const worker = BuiltProcess.start('apps/worker/src/main.js', { ...env, WORKER_PORT: String(port) });
      workers.push(worker);
      await worker.untilReady(`http://127.0.0.1:${port}/health/ready`);
      return worker;
    };
    const startReplica = async () => {
      const replica = await BuiltProcess.service('api', env);
      replicas.push(replica);
      return replica;
    };
    const starting = Array.from({ length: options.workers ?? 1 }, startWorker);
    const [caller] = await Promise.all([createCaller(), api.untilReady(`${url}/health/ready`), ...starting]);
    const untilStored = (organizationId: string, count: number) =>
      storedEvents(database, organizationId, count);
    const waitingJobs = () => countJobs(database, env.REDIS_URL);
    const unfinishedJobs = () => countUnfinished(database);
    return {
      ...{ url, port, databaseUrl: own.url, api, database, caller },
      ...{ createCaller, untilStored, waitingJobs, unfinishedJobs, startWorker, startReplica, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function storedEvents(database: pg.Client, organizationId: string, count: number) {
  const deadline = Date.now() + STORED_MS;
  for (;;) {
    const { rows } = await database.query<StoredEvent>(
      `SELECT id, ts, type, user_id, session_id, src, payload FROM events WHERE organization_id = $1 ORDER BY id`,
      [organizationId],
    );
    if (rows.length >= count) return rows;
    if (Date.now() > deadline) throw new Error(`${rows.length} events are stored, not ${count}`);
    await sleep(50);
  }
}

async function countJobs(database: pg.Client, redisUrl: string | undefined): Promise<number> {
  if (!redisUrl) {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM bullmq.job WHERE queue = 'ingest' AND state = 'waiting'`,
    );
    return rows[0]!.count;
  }
  const redis = new Redis(redisUrl);
  try {
    return await redis.llen('bull:ingest:wait');
  } finally {
    redis.disconnect();
  }
}

async function countUnfinished(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM bullmq.job WHERE queue = 'ingest' AND state <> 'completed'`,
  );
  return rows[0]!.count;
}

async function newCaller(pool: pg.Pool): Promise<Caller> {
  const { id, api_key: adminKey } = await new OrganizationAdministration(pool).create(TESTER, 'Test');
  const keyFor = async (scope: Scope) =>
    (await new ApiKeyAdministration(pool).create(TESTER, id, { name: scope, scopes: [scope] }))!.api_key;
  const [ingestKey, readKey] = await Promise.all([keyFor('ingest'), keyFor('read')]);
  return { organizationId: id, adminKey, ingestKey, readKey };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with npm test`);
  return value;
}
