import { analyticsIngestFormat } from './analytics-ingest.dialect.js';
import { developmentBatchFormat } from './development-batch.dialect.js';
import { agentsFormat, commandsFormat } from './development-metrics.dialect.js';
import { sessionChangeFormat, sessionStartFormat } from './development-sessions.dialect.js';
import { deviceMetricFormat, deviceMetricsBatchFormat } from './device-metrics.dialect.js';
import type { IngestFormat } from './dialect.js';
import { nativeEventsFormat } from './native-events.dialect.js';
import { voiceMetricsFormat } from './voice-metrics.dialect.js';

/** Every way in. Paths carry no trailing slash; the server takes them with and without. */
export const ingestFormats: readonly IngestFormat[] = [
  nativeEventsFormat,
  commandsFormat,
  agentsFormat,
  developmentBatchFormat,
  sessionStartFormat,
  sessionChangeFormat,
  analyticsIngestFormat,
  deviceMetricFormat,
  deviceMetricsBatchFormat,
  voiceMetricsFormat,
];
