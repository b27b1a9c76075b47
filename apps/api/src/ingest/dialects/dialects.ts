import { analyticsIngestDialect } from './analytics-ingest.dialect.js';
import { developmentBatchDialect } from './development-batch.dialect.js';
import { agentsDialect, commandsDialect } from './development-metrics.dialect.js';
import { sessionChangeDialect, sessionStartDialect } from './development-sessions.dialect.js';
import { deviceMetricDialect, deviceMetricsBatchDialect } from './device-metrics.dialect.js';
import type { Dialect } from './dialect.js';
import { nativeEventsDialect } from './native-events.dialect.js';
import { voiceMetricsDialect } from './voice-metrics.dialect.js';

/** Every way in. Paths carry no trailing slash; the server takes them with and without. */
export const dialects: readonly Dialect[] = [
  nativeEventsDialect,
  commandsDialect,
  agentsDialect,
  developmentBatchDialect,
  sessionStartDialect,
  sessionChangeDialect,
  analyticsIngestDialect,
  deviceMetricDialect,
  deviceMetricsBatchDialect,
  voiceMetricsDialect,
];
