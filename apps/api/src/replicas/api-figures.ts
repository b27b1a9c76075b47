import type { Server } from 'node:http';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type ReplicaFigures, SlidingMinute } from '#replicas';
import { RequestMetrics } from '../metrics/request-metrics.js';
import { AnswerCache } from '../query/cache/answer-cache.js';
import type { QuerySums } from './hours/query-hours.js';
import { isQuery } from './is-query.js';

/** What this replica of the API measures of itself. Requests only add to counters, which are read here. */
@Injectable()
export class ApiFigures {
  private readonly minute: SlidingMinute<keyof ReturnType<ApiFigures['counters']>>;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly requests: RequestMetrics,
    private readonly cache: AnswerCache,
  ) {
    this.minute = new SlidingMinute(this.counters(), performance.now());
  }

  async measure(): Promise<ReplicaFigures> {
    const server: Server = this.host.httpAdapter.getHttpServer();
    return {
      memory_bytes: process.memoryUsage.rss(),
      connections: await promisify(server.getConnections).call(server),
      ...this.minute.growth(this.counters(), performance.now()),
    };
  }

  /** Queries by route, since the process started. */
  sums(): QuerySums {
    const { hit: hits, miss: misses } = this.cache.counts;
    return { routes: this.requests.counts.sums(isQuery), hits, misses };
  }

  private counters() {
    const { count, seconds } = this.requests.counts.sum(isQuery);
    const { hit, miss } = this.cache.counts;
    return { queries: count, query_ms: seconds * 1000, cache_hits: hit, cache_misses: miss };
  }
}
