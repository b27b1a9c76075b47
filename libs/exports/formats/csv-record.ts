import { FORMULA_STARTS } from '../reading/formula-starts.js';

const END_OF_LINE = '\r\n';

/**
 * A record of a CSV file (RFC 4180), as PostgreSQL renders those of events. Text that a spreadsheet program would run as a
 * formula gets an apostrophe in front; numbers do not. A missing value is empty, empty text is `""`. Pure.
 */
export const csvRecord = (values: readonly (string | number | null)[]): string =>
  values.map(field).join(',') + END_OF_LINE;

function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA_STARTS.includes(value.charCodeAt(0)) ? `'${value}` : value;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
