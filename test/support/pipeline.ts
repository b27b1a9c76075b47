import pg from 'pg';
import { BuiltProcess } from './built-process.js';
import { eventually } from './eventually.js';
import { expectNoDifference } from './judge.js';
import { Load } from './load.js';
import { PostgresQueueProbe, type QueueProbe, RedisQueueProbe } from './queue-probe.js';
import type { Random } from './random.js';
import { ownRedisDatabase } from './redis-database.js';
import { TestDatabase, type TestOrganization } from './test-database.js';

export type Backend = 'redis' | 'postgres';
export const BACKENDS: readonly Backend[] = ['redis', 'postgres'];

/** Built API and workers on their own database and queue. */
export class Pipeline {
  private readonly processes: BuiltProcess[] = [];

  private constructor(
    readonly database: TestDatabase,
    /** Connection as superuser, separate from the processes. */
    readonly owner: pg.Pool,
    readonly queue: QueueProbe,
    readonly organization: TestOrganization,
    /** Default settings of the processes. */
    readonly settings: Readonly<{ DATABASE_URL: string; REDIS_URL?: string }>,
  ) {}

  /** Runs `work` with a pipeline without processes; stops all that it started. */
  static async with(backend: Backend, work: (pipeline: Pipeline) => Promise<void>): Promise<void> {
    const database = await TestDatabase.create();
    const owner = new pg.Pool({ connectionString: database.url, max: 4 });
    owner.on('error', () => {});
    const redisUrl = backend === 'redis' ? await ownRedisDatabase() : undefined;
    const queue = redisUrl ? new RedisQueueProbe(redisUrl) : new PostgresQueueProbe(owner);
    const organization = await database.createOrganization('Posting');
    const settings = { DATABASE_URL: database.url, ...(redisUrl ? { REDIS_URL: redisUrl } : {}) };
    const pipeline = new Pipeline(database, owner, queue, organization, settings);
    try {
      await work(pipeline);
    } finally {
      await Promise.all(pipeline.processes.map((started) => started.end('SIGKILL')));
      await queue.close();
      await owner.end();
      await database.drop();
    }
  }

  startApi(overrides: Partial<Pipeline['settings']> = {}): Promise<BuiltProcess> {
    return this.start('api', overrides);
  }

  startWorker(overrides: Partial<Pipeline['settings']> = {}): Promise<BuiltProcess> {
    return this.start('worker', overrides);
  }

  private async start(
    app: 'api' | 'worker',
    overrides: Partial<Pipeline['settings']>,
  ): Promise<BuiltProcess> {
    const started = await BuiltProcess.service(app, { ...this.settings, ...overrides });
    this.processes.push(started);
    return started;
  }

  load(api: { readonly url: string }, random: Random, now = Date.now()): Load {
    return new Load(() => api.url, this.organization, random, now);
  }

  /** Resolves when this many batches were acknowledged. */
  async accepted(load: Load, batches: number): Promise<void> {
    await eventually(`${batches} batches are accepted`, () => load.batchIds.size >= batches);
  }

  /** Resolves when these batches are committed. */
  async inLedger(batches: readonly string[]): Promise<void> {
    await eventually('the batches are committed', async () => {
      const { rowCount } = await this.owner.query('SELECT FROM ledger WHERE batch_id = ANY($1)', [batches]);
      return rowCount === batches.length;
    });
  }

  /** Resolves when workers process this many jobs. */
  async active(jobs: number): Promise<void> {
    await eventually(`${jobs} jobs are active`, async () => {
      const { active } = await this.queue.depth('ingest');
      return active === jobs;
    });
  }

  /** Resolves when no job is waiting, active or delayed. */
  async drained(deadlineMs = 60_000): Promise<void> {
    const isEmpty = async () => {
      const { waiting, active, delayed } = await this.queue.depth('ingest');
      return waiting + active + delayed === 0;
    };
    await eventually('the queue is empty', isEmpty, deadlineMs, 100);
  }

  /** Final check: every acknowledged event is stored and counted once, nothing unsent exists, nothing was lost. */
  async expectExactlyOnce(load: Load): Promise<void> {
    await this.drained();
    await expectNoDifference(this.database.url);
    const { rows } = await this.owner.query<{ identity: string }>(
      `SELECT (extract(epoch FROM ts) * 1000)::bigint || ' ' || id AS identity FROM events`,
    );
    const stored = new Set(rows.map(({ identity }) => identity));
    expect(rows).toHaveLength(stored.size);
    expect([...load.acknowledged].filter((identity) => !stored.has(identity))).toEqual([]);
    expect([...stored].filter((identity) => !load.sent.has(identity))).toEqual([]);
    const ledger = await this.owner.query<{ batch_id: string; dead_lettered: number }>(
      'SELECT batch_id, dead_lettered FROM ledger',
    );
    const batches = new Set(ledger.rows.map(({ batch_id }) => batch_id));
    expect([...load.batchIds].filter((batch) => !batches.has(batch))).toEqual([]);
    expect(ledger.rows.filter(({ dead_lettered }) => dead_lettered > 0)).toEqual([]);
    for (const name of ['ingest', 'dead-letters']) {
      const depth = await this.queue.depth(name);
      expect([name, depth]).toEqual([name, { waiting: 0, active: 0, delayed: 0, failed: 0 }]);
    }
  }

  /** Terminates the processes' database connections and returns their number. */
  async terminateConnections(condition = 'true'): Promise<number> {
    const { rowCount } = await this.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid NOT IN (SELECT pg_backend_pid()) AND ${condition}`,
    );
    return rowCount ?? 0;
  }
}
