import * as formats from './formats.js';
import type { ReportFormat } from './report-format.js';

/** All formats in which reports can be downloaded. */
export const reportFormats: readonly ReportFormat[] = Object.values(formats);
