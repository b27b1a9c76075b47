export {
  boundsBefore,
  bucketBounds,
  storedWindow,
  TooManyBuckets,
} from './buckets/buckets.js';
export { isTimeZone, localDate } from './buckets/local-time.js';
export { QUERY_WINDOWS, type QueryWindow, shiftWindow, windowStart } from './buckets/query-window.js';
export { ActivityStore } from './compaction/activity.store.js';
export { compactSeries, compactSessions, type RollupRow } from './compaction/compact.js';
export { compactActivity } from './compaction/compact-activity.js';
export type { DeltaGroup } from './compaction/compaction.store.js';
export { lockCompaction, waitForCompactionLock } from './compaction/compaction-lock.js';
export { Compactor } from './compaction/compactor.js';
export { canonicalJson, mergeDeltas } from './compaction/merged-series.js';
export type {
  DeltasByOrganization,
  OrganizationDelta,
  SeriesDelta,
  SessionDelta,
  UserDay,
} from './delta/delta.js';
export { fold } from './delta/fold.js';
export type { FoldInput } from './delta/fold-input.js';
export { gatherOthers, OTHER, otherDimensions } from './delta/other-series.js';
export { BASE_SECONDS, bucketStart, WINDOW_SECONDS } from './delta/windows.js';
export { Measurement, type MeasurementJson } from './measurement/measurement.js';
export { Sketch } from './measurement/sketch.js';
export { PendingDeltas } from './pending/pending-deltas.js';
export { type AggregatePage, aggregate } from './read/aggregate.js';
export { type KnownType, knownTypes } from './read/known-types.read-model.js';
export type { SeriesOrder, SeriesPage, SeriesPosition } from './read/page-of-series.js';
export {
  type AggregatePoint,
  type AggregateQuestion,
  type AggregateSeries,
  type Figures,
  REST_KEY,
} from './read/question.js';
export { RawReadModel } from './read/raw.read-model.js';
export { RollupReads } from './read/rollup-reads.js';
export { STATISTICS, type Statistic } from './read/statistic.js';
export { type TypeCount, typeCounts } from './read/type-counts.read-model.js';
