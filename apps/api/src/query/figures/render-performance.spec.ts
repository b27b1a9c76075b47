import { renderPerformance } from './render-performance.js';

describe('renderPerformance', () => {
  it('adds up all processes, and weighs averages by number', () => {
    const performance = renderPerformance(90, [
      {
        kind: 'api',
        figures: {
          memory_bytes: 100e6,
          connections: 3,
          queries: 1,
          query_ms: 50,
          cache_hits: 0,
          cache_misses: 1,
        },
      },
      {
        kind: 'api',
        figures: {
          memory_bytes: 50e6,
          connections: 4,
          queries: 9,
          query_ms: 50,
          cache_hits: 2,
          cache_misses: 0,
        },
      },
      { kind: 'worker', figures: { memory_bytes: 30e6, events: 1, event_ms: 1000 } },
      { kind: 'worker', figures: { memory_bytes: 20e6, events: 999, event_ms: 9000 } },
    ]);
    expect(performance).toEqual({
      ingestion_rate: 1.5,
      processing_latency_ms: 10,
      query_response_time_ms: 10,
      memory_usage_mb: 200,
      active_connections: 7,
      cache_hit_rate: 0.667,
      api_replicas: 2,
      workers: 2,
    });
  });

  it('has null where there is nothing to average', () => {
    expect(renderPerformance(0, [])).toEqual({
      ingestion_rate: 0,
      processing_latency_ms: null,
      query_response_time_ms: null,
      memory_usage_mb: 0,
      active_connections: 0,
      cache_hit_rate: null,
      api_replicas: 0,
      workers: 0,
    });
  });
});
