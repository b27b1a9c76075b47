import type { Report, Watermark } from '../content/report.js';

export interface StoredReport extends Report {
  readonly id: string;
}

/** Whether a report would be the same if it were computed now. */
export const isCurrent = ({ watermark }: Report, now: Watermark): boolean =>
  watermark.events === now.events && watermark.erasures === now.erasures;

/** A report that takes the place of an earlier one, with the events that came in between. Pure. */
export function revisionOf(earlier: Report, report: Report): Report {
  const late = Math.max(0, report.watermark.events - earlier.watermark.events);
  return { ...report, late_events: earlier.late_events + late };
}
