import type { IngestFormat } from '../ingest-format.js';
import { analyticsIngestFormat } from './analytics-ingest.format.js';
import { developmentBatchFormat } from './development-batch.format.js';
import { agentsFormat, commandsFormat } from './development-metrics.format.js';
import { sessionChangeFormat, sessionStartFormat } from './development-sessions.format.js';
import { deviceMetricFormat, deviceMetricsBatchFormat } from './device-metrics.format.js';
import { nativeEventsFormat } from './native-events.format.js';
import { voiceMetricsFormat } from './voice-metrics.format.js';

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
