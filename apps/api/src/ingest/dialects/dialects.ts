/** Every dialect. Paths carry no trailing slash; the server accepts them with and without. */
export { analyticsIngestDialect } from './analytics-ingest.dialect.js';
export { cloudEventsDialect } from './cloud-events.dialect.js';
export { developmentBatchDialect } from './development-batch.dialect.js';
export { agentsDialect, commandsDialect } from './development-metrics.dialect.js';
export { sessionChangeDialect, sessionStartDialect } from './development-sessions.dialect.js';
export { deviceMetricDialect, deviceMetricsBatchDialect } from './device-metrics.dialect.js';
export { nativeEventsDialect } from './native-events.dialect.js';
export { voiceMetricsDialect } from './voice-metrics.dialect.js';
