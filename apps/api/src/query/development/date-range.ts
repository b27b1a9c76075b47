import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, registerDecorator } from 'class-validator';
import { parseInstant } from '../../http/input/parse-instant.js';
import { invalidQuery } from '../../http/input/read-query.js';
import { isExpressible, type TimeRange } from '../../http/input/time-range.js';

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const startOf = (text: string) => parseInstant(DATE.test(text) ? `${text}T00:00:00Z` : text);

/** Validates a date, or an RFC 3339 instant. */
export function IsDateOrInstant(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isDateOrInstant',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isExpressible(startOf(value) ?? Number.NaN),
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be a date such as 2026-01-31, or an RFC 3339 instant`,
      },
    });
}

/** The time range of the development dialect. */
export class DateRangeQuery {
  @ApiPropertyOptional({
    description: 'Date (UTC) or RFC 3339 instant, inclusive.',
    example: '2026-01-01',
  })
  @IsOptional()
  @IsDateOrInstant()
  start_date?: string;

  @ApiPropertyOptional({
    description: 'RFC 3339 instant, exclusive; or a date (UTC), which is included as a whole.',
    example: '2026-01-31',
  })
  @IsOptional()
  @IsDateOrInstant()
  end_date?: string;
}

/**
 * Resolves a range of dates.
 * @param defaults the end, and the length before the end, for absent parameters; in milliseconds
 * @throws Problem 400 when the range is empty
 */
export function dateRange(
  { start_date, end_date }: DateRangeQuery,
  defaults: { readonly to: number; readonly lengthMs: number },
): TimeRange {
  const to = end_date === undefined ? defaults.to : startOf(end_date)! + (DATE.test(end_date) ? DAY_MS : 0);
  const from = start_date === undefined ? to - defaults.lengthMs : startOf(start_date)!;
  if (from >= to) throw invalidQuery([{ path: 'start_date', message: 'start_date must be before end_date' }]);
  return { from, to };
}
