import type { ReportFormat } from './report-format.js';

/** The report as it is stored. */
export const json: ReportFormat = {
  ...{ name: 'json', mediaType: 'application/json; charset=utf-8', isInline: true, hasOneTable: false },
  description: 'The report.',
  render: async (report) => JSON.stringify(report),
};
