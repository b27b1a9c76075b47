export type {
  CacheFigures,
  DiskFigures,
  IndexFigures,
  PerformanceReport,
  RouteFigures,
  StatementFigures,
  Statements,
  TableFigures,
} from './content/performance-report.js';
export { DURATION_BOUNDS, shareBelow } from './durations/durations.js';
export { type DiskSpace, diskFigures } from './figures/disk.js';
export { findingsOf } from './figures/findings.js';
export { comparedWith, growthPerDay } from './figures/growth.js';
export { sizeOf } from './figures/size-of.js';
export { slowest } from './figures/slowest.js';
export {
  type PerformanceReportEntry,
  PerformanceReportsReadModel,
  type StoredPerformanceReport,
} from './stored/performance-reports.read-model.js';
