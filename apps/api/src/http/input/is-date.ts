import { registerDecorator } from 'class-validator';
import { parseInstant } from './parse-instant.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Validates a date `YYYY-MM-DD`. */
export function IsDate(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isDate',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && startOfDate(value) !== null,
        defaultMessage: ({ property } = {} as never) => `${property} must be a date such as 2026-01-31`,
      },
    });
}

/** Midnight in UTC of a date, in milliseconds since the epoch; null when there is no such date. */
export const startOfDate = (date: string): number | null =>
  DATE.test(date) ? parseInstant(`${date}T00:00:00Z`) : null;
