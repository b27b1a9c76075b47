import { type Job, Queue, Worker } from 'bullmq';
import { Pool } from 'pg';
import { Environment, loadEnvironment } from '#config';
import { createPool, ROLES } from '#database';
import { type CheckedVerdict, type Figures, type HealthRun } from '#health';
import { type Clock, type ScheduledJob, systemClock } from '#jobs';
import { chooseQueueBackend, type IngestJob, QUEUES, queueConnection, readJob } from '#queue';
import { Canary } from '../../apps/worker/src/health/canary/canary.js';
import type { CheckDefinition } from '../../apps/worker/src/health/checks/define-check.js';
import { HealthQueues } from '../../apps/worker/src/health/reads/health-queues.js';
import { ScheduledJobs } from '../../apps/worker/src/health/reads/scheduled-jobs.js';
import { runChecks } from '../../apps/worker/src/health/run-checks.js';
import { CodecQueue, CodecWorker } from '../../libs/queue/queue-and-worker.js';
import { TestDatabase } from './test-database.js';
import { TestWorker } from './test-worker.js';

export interface FixtureOptions {
  /** Absent: the queue is in PostgreSQL. */
  readonly redisUrl?: string;
  readonly jobs?: readonly ScheduledJob[];
}

/** What the checks of a worker look at, with their own database and queues, and no process. */
export class HealthFixture {
  private readonly workers: Worker[] = [];
  private readonly byToken: ReadonlyMap<unknown, unknown>;

  private constructor(
    readonly database: TestDatabase,
    /** As superuser. */
    readonly owner: Pool,
    /** As the workers' role. */
    readonly pool: Pool,
    readonly queues: ReadonlyMap<string, Queue>,
    private readonly worker: TestWorker,
    environment: Environment,
    jobs: readonly ScheduledJob[],
  ) {
    const health = new HealthQueues(queues);
    this.byToken = new Map<unknown, unknown>([
      [Pool, pool],
      [Environment, environment],
      [HealthQueues, health],
      [ScheduledJobs, new ScheduledJobs(jobs)],
      [Canary, new Canary(pool, health.get('ingest') as Queue<IngestJob>, systemClock)],
    ]);
  }

  static async create({ redisUrl, jobs = [] }: FixtureOptions = {}): Promise<HealthFixture> {
    const database = await TestDatabase.create();
    const environment = loadEnvironment({
      DATABASE_URL: database.url,
      SMTP_URL: 'smtp://localhost',
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    });
    chooseQueueBackend(environment);
    const connection = queueConnection(environment, 'worker', ROLES.worker);
    const queues = new Map(
      Object.values(QUEUES).map(({ name, job }) => [
        name,
        new CodecQueue(name, { connection, defaultJobOptions: job }),
      ]),
    );
    const owner = new Pool({ connectionString: database.url, max: 4 });
    owner.on('error', () => {});
    const pool = createPool({ databaseUrl: database.url, role: 'worker', size: 8 });
    return new HealthFixture(database, owner, pool, queues, new TestWorker(database.url), environment, jobs);
  }

  queue(key: keyof typeof QUEUES): Queue {
    return this.queues.get(QUEUES[key].name)!;
  }

  /** Stores what is in the ingest queue, as a worker does. */
  consume(): void {
    const { name, worker: options, codec } = QUEUES.ingest;
    const { connection } = this.queue('ingest').opts;
    const process = async (job: Job<string>) => {
      await this.worker.persist(readJob(job, codec).batches);
    };
    this.workers.push(new CodecWorker(name, process, { ...options, connection, autorun: true }));
  }

  /** A worker that fails every job of a queue. */
  failing(key: keyof typeof QUEUES): Worker {
    const fail = async () => {
      throw new Error('it is broken');
    };
    const { connection } = this.queue(key).opts;
    const worker = new CodecWorker(QUEUES[key].name, fail, { connection });
    this.workers.push(worker);
    return worker;
  }

  /** Runs checks once. @param previous what the run before found, by check */
  async run(
    checks: readonly CheckDefinition[],
    previous: readonly CheckedVerdict[] = [],
    clock: Clock = systemClock,
  ): Promise<CheckedVerdict[]> {
    return runChecks({
      checks,
      provider: (token) => this.byToken.get(token),
      clock,
      previous: { checks: previous } as Pick<HealthRun, 'checks'>,
      signal: new AbortController().signal,
    });
  }

  /** Reports a process. */
  async report(kind: 'api' | 'worker', { ageSeconds = 1, aheadMs = 0 } = {}): Promise<void> {
    await this.owner.query(
      `INSERT INTO replicas (replica_id, kind, figures, reported_at, clock_ahead_ms)
       VALUES (gen_random_uuid(), $1, '{}', now() - make_interval(secs => $2), $3)`,
      [kind, ageSeconds, aheadMs],
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    chooseQueueBackend({ REDIS_URL: 'redis://localhost' });
    await this.worker.end();
    await Promise.all([this.pool.end(), this.owner.end()]);
    await this.database.drop();
  }
}

export const figuresOf = (checks: readonly CheckedVerdict[], name: string): Figures =>
  checks.find((check) => check.name === name)!.figures;
