import { Redis } from 'ioredis';
import type pg from 'pg';

/** Jobs of a queue by state. */
export interface QueueWatch {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Reads BullMQ's tables or keys directly: the library supports one backend per process. */
export interface QueueProbe {
  depth(queue: string): Promise<QueueWatch>;
  close(): Promise<void>;
}

export class RedisQueueProbe implements QueueProbe {
  private readonly redis: Redis;

  constructor(url: string) {
    this.redis = new Redis(url);
  }

  async depth(queue: string): Promise<QueueWatch> {
    const key = (state: string) => `bull:${queue}:${state}`;
    // In one transaction: between two commands a retried job could move from `delayed` to `wait` and be counted nowhere.
    const counts = await this.redis
      .multi()
      .llen(key('wait'))
      .llen(key('paused'))
      .llen(key('active'))
      .zcard(key('delayed'))
      .zcard(key('failed'))
      .exec();
    const [wait, paused, active, delayed, failed] = counts!.map(([error, count]) => {
      if (error) throw error;
      return count as number;
    }) as [number, number, number, number, number];
    return { waiting: wait + paused, active, delayed, failed };
  }

  async close(): Promise<void> {
    await this.redis.quit();
  }
}

export class PostgresQueueProbe implements QueueProbe {
  constructor(private readonly owner: pg.Pool) {}

  async depth(queue: string): Promise<QueueWatch> {
    const { rows } = await this.owner.query<{ state: string; jobs: number }>(
      'SELECT state::text, count(*)::int AS jobs FROM bullmq.job WHERE queue = $1 GROUP BY state',
      [queue],
    );
    const of = (state: string) => rows.find((row) => row.state === state)?.jobs ?? 0;
    return { waiting: of('waiting'), active: of('active'), delayed: of('delayed'), failed: of('failed') };
  }

  async close(): Promise<void> {}
}
