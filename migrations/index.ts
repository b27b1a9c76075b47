import { CreateOrganizations1763769600000 } from './1763769600000-create-organizations.js';
import { CreateEvents1763769600001 } from './1763769600001-create-events.js';
import { CreateRollups1763769600002 } from './1763769600002-create-rollups.js';
import { CreateReports1763769600003 } from './1763769600003-create-reports.js';
import { LimitSeries1763769600004 } from './1763769600004-limit-series.js';
import { IndexAuditLog1795492800000 } from './1795492800000-index-audit-log.js';
import { EraseUsers1795579200000 } from './1795579200000-erase-users.js';
import { MergeErased1795600000000 } from './1795600000000-merge-erased.js';
import { NarrowGrants1795600000001 } from './1795600000001-narrow-grants.js';
import { PlainPolicies1795700000000 } from './1795700000000-plain-policies.js';
import { CloseDays1795800000000 } from './1795800000000-close-days.js';
import { IndexBlocks1795900000000 } from './1795900000000-index-blocks.js';
import { EventsOfUsers1796000000000 } from './1796000000000-events-of-users.js';
import { CreateExports1796100000000 } from './1796100000000-create-exports.js';
import { CountUsers1796200000000 } from './1796200000000-count-users.js';
import { SqlReaders1796300000000 } from './1796300000000-sql-readers.js';
import { SqlFigures1796300000001 } from './1796300000001-sql-figures.js';
import { RowBlocks1796400000000 } from './1796400000000-row-blocks.js';
import { ReportReplicas1796500000000 } from './1796500000000-report-replicas.js';
import { AdministerJobs1796600000000 } from './1796600000000-administer-jobs.js';
import { KeepHorizons1796700000000 } from './1796700000000-keep-horizons.js';
import { ForgetSeries1796700000001 } from './1796700000001-forget-series.js';
import { VacuumHotTables1796700000002 } from './1796700000002-vacuum-hot-tables.js';
import { DailyMetrics1796800000000 } from './1796800000000-daily-metrics.js';
import { CheckHealth1796900000000 } from './1796900000000-check-health.js';
import { ApiReports1797000000000 } from './1797000000000-api-reports.js';
import { MailReports1797200000000 } from './1797200000000-mail-reports.js';
import { AlertRules1797300000000 } from './1797300000000-alert-rules.js';
import { PerformanceReports1797500000000 } from './1797500000000-performance-reports.js';
import { CountRejections1797500000001 } from './1797500000001-count-rejections.js';
import { MinuteHorizons1797500000002 } from './1797500000002-minute-horizons.js';

/** Every migration, oldest first. */
export const migrations = [
  CreateOrganizations1763769600000,
  CreateEvents1763769600001,
  CreateRollups1763769600002,
  CreateReports1763769600003,
  LimitSeries1763769600004,
  IndexAuditLog1795492800000,
  EraseUsers1795579200000,
  MergeErased1795600000000,
  NarrowGrants1795600000001,
  PlainPolicies1795700000000,
  CloseDays1795800000000,
  IndexBlocks1795900000000,
  EventsOfUsers1796000000000,
  CreateExports1796100000000,
  CountUsers1796200000000,
  SqlReaders1796300000000,
  SqlFigures1796300000001,
  RowBlocks1796400000000,
  ReportReplicas1796500000000,
  AdministerJobs1796600000000,
  KeepHorizons1796700000000,
  ForgetSeries1796700000001,
  VacuumHotTables1796700000002,
  DailyMetrics1796800000000,
  CheckHealth1796900000000,
  ApiReports1797000000000,
  MailReports1797200000000,
  AlertRules1797300000000,
  PerformanceReports1797500000000,
  CountRejections1797500000001,
  MinuteHorizons1797500000002,
];
