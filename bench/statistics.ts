export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of an odd number of values. */
export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[(values.length - 1) / 2]!;
