import { isISO8601, isRFC3339 } from 'class-validator';
import { UsageError } from './usage-error.js';

/**
 * Reads the instant that an option gives.
 * @throws UsageError when it is none
 */
export function instantOf(option: string, text: string): Date {
  // isRFC3339 accepts 30 February, isISO8601 an instant without a zone.
  if (!isRFC3339(text) || !isISO8601(text, { strict: true })) {
    throw new UsageError(`--${option} must be an RFC 3339 instant such as 2027-01-31T12:00:00Z`);
  }
  return new Date(text);
}
