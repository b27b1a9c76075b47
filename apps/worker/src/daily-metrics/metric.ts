/** A figure of one day. */
export interface Metric {
  readonly name: string;
  /** Empty for the total. */
  readonly dimensions: Readonly<Record<string, string | null>>;
  readonly value: number;
}

/** The total of a metric. */
export const total = (name: string, value: number): Metric => ({ name, dimensions: {}, value });
