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
export { reportFormats } from './rendering/formats/list.js';
export type { ReportFormat } from './rendering/formats/report-format.js';
export { type MailChart, mailCharts } from './rendering/mail/mail-charts.js';
export { mailContent } from './rendering/mail/mail-content.js';
export { mailHtml } from './rendering/mail/mail-html.js';
export { mailText } from './rendering/mail/mail-text.js';
export { REPORT_TABLES } from './rendering/tables/report-tables.js';
export { type ReportEntry, ReportOutdated, ReportStore } from './stored/report.store.js';
export { isCurrent, type StoredReport } from './stored/revision.js';
