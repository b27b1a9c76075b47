import type { ExportFormat } from './export-format.js';
import * as formats from './formats.js';

export const exportFormats: readonly ExportFormat[] = Object.values(formats);

export const formatNamed = (name: string): ExportFormat | undefined =>
  exportFormats.find((format) => format.name === name);
