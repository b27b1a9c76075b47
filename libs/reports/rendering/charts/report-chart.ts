/** A chart of a report. */
export interface ReportChart {
  /** Unique in a report: letters and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What its colours mean; empty where there is one colour. */
  readonly legend: string;
  /** What it shows, for those who cannot see it. */
  readonly alternative: string;
  /** A document of its own, with a transparent background. */
  readonly svg: string;
}
