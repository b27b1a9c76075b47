import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Counter, type Metric, Registry } from 'prom-client';
import { RequestCounts } from './request-counts.js';

const DURATIONS = 'millrace_http_request_duration_seconds';
/** Label of unknown paths. With the path itself as label, a caller could create any number of them. */
const UNMATCHED = 'unmatched';

/**
 * Request metrics for Prometheus. Requests are counted here and passed to prom-client at each scrape: its own
 * counter and histogram build a label string per request, even for children bound by `labels()`, which takes
 * 1.0 µs instead of 0.06.
 */
@Injectable()
export class RequestMetrics {
  /** Since the process started. */
  readonly counts = new RequestCounts();

  constructor(registry: Registry) {
    const { counts } = this;
    new Counter({
      name: 'millrace_http_requests_total',
      help: 'Answered requests by route template, method and status',
      labelNames: ['route', 'method', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, value } of counts.totals()) this.inc(labels, value);
      },
    });
    const durations = { name: DURATIONS, get: async () => histogramOf(counts) };
    registry.registerMetric(durations as unknown as Metric);
  }

  /** Counts every request that the app answers from now on. */
  observe(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onResponse', (request, reply, done) => {
        const { url = UNMATCHED } = request.routeOptions;
        this.counts.add(url, request.method, reply.statusCode, reply.elapsedTime / 1000);
        done();
      });
  }
}

/** The histogram in the form that prom-client's registry renders. */
const histogramOf = (counts: RequestCounts) => ({
  name: DURATIONS,
  help: 'Time from the headers of a request to the end of its answer, by route template and method',
  type: 'histogram',
  values: counts.durations().flatMap(({ labels, buckets, sum, count }) => [
    ...buckets.map(({ le, count: value }) => ({
      metricName: `${DURATIONS}_bucket`,
      labels: { le, ...labels },
      value,
    })),
    { metricName: `${DURATIONS}_sum`, labels, value: sum },
    { metricName: `${DURATIONS}_count`, labels, value: count },
  ]),
});
