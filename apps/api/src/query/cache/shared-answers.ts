import { Redis } from 'ioredis';

const KEY_PREFIX = 'answer:';
/** Milliseconds. A slower answer of Redis takes longer than most queries. */
const TIMEOUT_MS = 50;

interface Entry {
  readonly text: string;
  readonly computedAt: number;
}

/** Answers that all replicas share. Without Redis, or while it is away, there are none. */
export class SharedAnswers {
  private readonly client: Redis | undefined;

  /** @param url of Redis */
  constructor(url: string | undefined) {
    if (url === undefined) return;
    this.client = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1000),
    });
    // Without a listener ioredis prints every failed attempt.
    this.client.on('error', () => {});
  }

  async get(key: string): Promise<Entry | undefined> {
    const text = await this.client?.get(KEY_PREFIX + key).catch(() => null);
    return text ? (JSON.parse(text) as Entry) : undefined;
  }

  /** Does not wait for Redis. */
  set(key: string, entry: Entry, ttlMs: number): void {
    this.client?.set(KEY_PREFIX + key, JSON.stringify(entry), 'PX', ttlMs).catch(() => {});
  }

  close(): void {
    this.client?.disconnect();
  }
}
