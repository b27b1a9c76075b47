import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Counter, Registry } from 'prom-client';
import { Environment } from '#config';
import { SharedAnswers } from './shared-answers.js';

/** Characters of all answers kept in this process. */
const MAX_SIZE = 32_000_000;
/** Longer answers are not kept. */
const MAX_ANSWER = 2_000_000;

interface Entry {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly computedAt: number;
}

/**
 * Keeps answers for `CACHE_TTL_SECONDS` after they were computed: in this process and, with Redis, for all replicas.
 * Requests for the same answer at the same time share one computation.
 */
@Injectable()
export class AnswerCache {
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MAX_SIZE,
    maxEntrySize: MAX_ANSWER,
    sizeCalculation: ({ text }) => text.length,
  });
  private readonly running = new Map<string, Promise<Entry>>();
  private readonly requests: Counter<'result'>;
  private readonly counted = { hit: 0, miss: 0 };
  private readonly ttlMs: number;

  constructor(
    environment: Environment,
    private readonly shared: SharedAnswers,
    registry: Registry,
  ) {
    this.ttlMs = environment.CACHE_TTL_SECONDS * 1000;
    this.requests = new Counter({
      name: 'millrace_answer_cache_requests_total',
      help: 'Queries whose answer may be cached, by result: hit or miss',
      labelNames: ['result'],
      registers: [registry],
    });
  }

  /** Queries by result, since the process started; none while nothing is cached. */
  get counts(): Readonly<Record<'hit' | 'miss', number>> {
    return this.counted;
  }

  /**
   * The answer, at most as old as the TTL.
   * @param key names organization, question and everything else that the answer depends on
   * @param compute gives an answer that JSON can hold
   */
  async get<T>(key: string, compute: () => Promise<T>): Promise<T> {
    if (this.ttlMs === 0) return compute();
    const known = this.fresh(this.entries.get(key)) ?? this.fresh(await this.shared.get(key));
    const result = known ? 'hit' : 'miss';
    this.counted[result]++;
    this.requests.inc({ result });
    const entry = known ?? (await this.computed(key, compute));
    return JSON.parse(entry.text) as T;
  }

  private fresh(entry: Entry | undefined): Entry | undefined {
    return entry && Date.now() - entry.computedAt < this.ttlMs ? entry : undefined;
  }

  private async computed<T>(key: string, compute: () => Promise<T>): Promise<Entry> {
    const running = this.running.get(key);
    // When the first one failed, or its client left, each of the others tries for itself.
    if (running) return running.catch(() => this.compute(key, compute));
    const computing = this.compute(key, compute).finally(() => this.running.delete(key));
    this.running.set(key, computing);
    return computing;
  }

  private async compute<T>(key: string, compute: () => Promise<T>): Promise<Entry> {
    // The age counts from before the answer was read.
    const computedAt = Date.now();
    const entry = { text: JSON.stringify(await compute()), computedAt };
    this.entries.set(key, entry);
    if (entry.text.length <= MAX_ANSWER) this.shared.set(key, entry, this.ttlMs);
    return entry;
  }
}
