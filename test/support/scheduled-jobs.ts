import { type ConnectionOptions, type Job } from 'bullmq';
import pg from 'pg';
import { loadEnvironment } from '#config';
import { ROLES } from '#database';
import { defineJob, type JobDefinition, type Token } from '#jobs';
import { chooseQueueBackend, type QueueBackend, queueConnection } from '#queue';
import { JobReplica } from './job-replica.js';
import { ManualClock } from './manual-clock.js';
import { ownRedisDatabase } from './redis-database.js';
import { TestDatabase } from './test-database.js';

/** Half a minute after midnight. */
export const BEGINNING = Date.parse('2026-11-24T00:00:30Z');

/** A job whose effect is a row. */
export const effectJob = (
  name: string,
  schedule: string,
  more: { catchUp?: number; timeZone?: string; fails?: () => boolean } = {},
) => {
  const { fails, ...options } = more;
  return defineJob({
    name,
    schedule,
    ...options,
    options: { attempts: 1 },
    run: ({ slot, logger, transaction }) =>
      transaction(async (client) => {
        await client.query('INSERT INTO effects VALUES ($1, $2)', [name, new Date(slot!)]);
        if (fails?.()) throw new Error('the job is broken');
        logger.log('the row is in');
        return { effects: 1 };
      }),
  });
};

export const isoOf = (instant: number) => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** The id in the queue of the job for a slot. */
export const idOf = (name: string, instant: number) => `${name}-${isoOf(instant).replace(/[-:]/g, '')}`;

/** Replicas that run scheduled jobs on one queue and one database, with one clock. */
export class ScheduledJobs {
  replicas: JobReplica[] = [];
  readonly clock = new ManualClock(BEGINNING);

  private constructor(
    readonly database: TestDatabase,
    readonly owner: pg.Client,
    readonly redisUrl: string | undefined,
    readonly connection: ConnectionOptions,
  ) {}

  static async create(backend: QueueBackend): Promise<ScheduledJobs> {
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      `CREATE TABLE effects (job text, slot timestamptz); GRANT ALL ON effects TO ${ROLES.worker}`,
    );
    const redisUrl = backend === 'redis' ? await ownRedisDatabase() : undefined;
    const redis = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
    const environment = loadEnvironment({ DATABASE_URL: database.url, ...redis });
    chooseQueueBackend(environment);
    const connection = queueConnection(environment, 'worker', ROLES.worker);
    return new ScheduledJobs(database, owner, redisUrl, connection);
  }

  /** @param provider looks up what jobs inject; absent: nothing */
  start(
    jobs: readonly JobDefinition[],
    beforeAcknowledgement?: (job: Job) => Promise<void>,
    provider?: (token: Token) => unknown,
  ): JobReplica {
    const { clock, connection, database } = this;
    const replica = new JobReplica({
      ...{ databaseUrl: database.url, connection, clock, jobs },
      ...(beforeAcknowledgement ? { beforeAcknowledgement } : {}),
      ...(provider ? { provider } : {}),
    });
    this.replicas.push(replica);
    return replica;
  }

  /** All replicas tick at the same moment, as in production. */
  async tick(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.tick()));
  }

  async slotsOf(table: 'effects' | 'job_runs', job: string): Promise<string[]> {
    const { rows } = await this.owner.query<{ slot: Date }>(
      `SELECT slot FROM ${table} WHERE job = $1 ORDER BY slot`,
      [job],
    );
    return rows.map(({ slot }) => isoOf(slot.getTime()));
  }

  /** Stops all replicas; others may be started. */
  async stopReplicas(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    this.replicas = [];
  }

  async end(): Promise<void> {
    await this.stopReplicas();
    chooseQueueBackend({ REDIS_URL: 'redis://localhost' });
    await this.owner.end();
    await this.database.drop();
  }
}
