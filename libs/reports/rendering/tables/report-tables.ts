import { about } from './about.table.js';
import { devices, eventTypes, sentiments } from './counts.table.js';
import { days, unusual } from './days.table.js';
import { agents, commands } from './names.table.js';
import { deadLetters, otherSeries, quality, rejections } from './quality.table.js';
import type { ReportTable } from './report-table.js';
import { totals } from './totals.table.js';
import { users } from './users.table.js';

/** All tables of a report: the sheets of a workbook, in this order, and the choices of CSV. */
export const REPORT_TABLES: readonly ReportTable[] = [
  totals,
  days,
  unusual,
  users,
  commands,
  agents,
  eventTypes,
  devices,
  sentiments,
  quality,
  rejections,
  deadLetters,
  otherSeries,
  about,
];
