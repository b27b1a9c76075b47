import { count, described, instant, listOf, nullable, record, text } from '../../http/openapi/schema.js';
import type { Performance } from './render-performance.js';
import type { Stats } from './render-stats.js';

const statsExample: Stats = {
  ...{ events: 5_200_310, events_today: 18_040, users: 1_240, sessions: 88_102 },
  first_event: new Date('2026-10-27T00:00:03.120Z'),
  last_event: new Date('2026-11-26T10:15:59.871Z'),
  by_type: [
    { type: 'page_view', count: 4_100_300 },
    { type: 'command_execution', count: 1_100_010 },
  ],
  rejected: 12,
  rejections: [{ code: 'schema_violation', count: 12 }],
};

const performanceExample: Performance = {
  ...{ ingestion_rate: 301.5, processing_latency_ms: 21.402, query_response_time_ms: 9.75 },
  ...{ memory_usage_mb: 612.4, active_connections: 84, cache_hit_rate: 0.667, api_replicas: 2, workers: 2 },
};

const number = { type: 'number', minimum: 0 };

/** Answer of `GET /api/metrics/stats`. */
export const statsSchema = {
  ...record<Stats>('Stats', {
    events: described(count, 'All events that were ever counted.'),
    events_today: described(count, 'Those with a timestamp of today.'),
    users: described(count, 'Distinct users with events.'),
    sessions: count,
    first_event: described(nullable(instant), 'Timestamp of the first event that is kept.'),
    last_event: described(nullable(instant), 'Timestamp of the last event.'),
    by_type: described(
      listOf(record<Stats['by_type'][number]>('TypeTotal', { type: text, count })),
      'Events by type, the most frequent first.',
    ),
    rejected: described(
      count,
      'Events that intake refused, of the days for which aggregates are kept. They are not among `events`.',
    ),
    rejections: described(
      listOf(record<Stats['rejections'][number]>('RejectionTotal', { code: text, count })),
      'The same by code, the most frequent first.',
    ),
  }),
  examples: [statsExample],
};

/** Answer of `GET /api/metrics/performance`. */
export const performanceSchema = {
  ...record<Performance>('Performance', {
    ingestion_rate: described(
      number,
      'Events per second that the organization sent, duplicates included. Events that still wait in the queue are not counted.',
    ),
    processing_latency_ms: described(
      nullable(number),
      'Milliseconds from the receipt of an event to its commit, on average.',
    ),
    query_response_time_ms: described(
      nullable(number),
      'Milliseconds that a query took, on average: GET requests to `/v1` and `/api` other than downloads, and ' +
        '`POST /v1/query` and `/api/metrics/query`.',
    ),
    memory_usage_mb: described(number, 'Resident memory of all processes, in millions of bytes.'),
    active_connections: described(count, 'HTTP connections to the API that are open, idle ones included.'),
    cache_hit_rate: described(
      nullable({ type: 'number', minimum: 0, maximum: 1 }),
      'Share of the queries with a cacheable answer that were answered from the cache. Null without such queries, and ' +
        'when `CACHE_TTL_SECONDS` is 0.',
    ),
    api_replicas: described(count, 'API processes that these figures are of.'),
    workers: described(count, 'Workers that these figures are of.'),
  }),
  examples: [performanceExample],
};
