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
export { chartPng, type PngImage } from './rendering/charts/chart-png.js';
export type { ReportChart } from './rendering/charts/report-chart.js';
export { reportCharts } from './rendering/charts/report-charts.js';
export { reportFormats } from './rendering/formats/list.js';
export type { ReportFormat } from './rendering/formats/report-format.js';
export { REPORT_TABLES } from './rendering/tables/report-tables.js';
export { reportText } from './rendering/text/report-text.js';
export { type ReportEntry, ReportOutdated, ReportStore } from './stored/report.store.js';
export { isCurrent, type StoredReport } from './stored/revision.js';
