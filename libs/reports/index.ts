export { computeReport, watermarkOf } from './compute-report.js';
export type {
  Changes,
  PeriodFigures,
  Quality,
  Report,
  ReportDay,
  ReportUser,
  TopName,
  TypeFigures,
  UnusualDay,
  ValueCount,
  Watermark,
} from './content/report.js';
export {
  type Calendar,
  lastPeriod,
  periodOn,
  REPORT_KINDS,
  type ReportKind,
  type ReportPeriod,
} from './period/report-period.js';
export { type ReportEntry, ReportOutdated, ReportStore } from './stored/report.store.js';
export { isCurrent, type StoredReport } from './stored/revision.js';
