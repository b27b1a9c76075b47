import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, registerDecorator } from 'class-validator';
import { parseInstant } from './parse-instant.js';
import { invalidQuery } from './read-query.js';

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z');

/** Whether RFC 3339 can express the instant: years have four digits. */
export const isExpressible = (epochMs: number) => epochMs >= YEAR_0 && epochMs < YEAR_10000;

/** Validates an RFC 3339 instant. */
export function IsInstant(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isInstant',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isExpressible(parseInstant(value) ?? Number.NaN),
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z`,
      },
    });
}

/** Query parameters for a time range. */
export class RangeQuery {
  @ApiPropertyOptional({ format: 'date-time', description: 'RFC 3339, inclusive.' })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'RFC 3339, exclusive.' })
  @IsOptional()
  @IsInstant()
  to?: string;
}

/** Milliseconds since the epoch, `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Resolves a time range.
 * @param defaults the end, and the start for an end, for absent parameters
 * @throws Problem 400 when the range is empty
 */
export function timeRange(
  { from, to }: { readonly from?: string; readonly to?: string },
  defaults: { readonly to: number; readonly from: (to: number) => number },
): TimeRange {
  const end = to === undefined ? defaults.to : parseInstant(to)!;
  const start = from === undefined ? defaults.from(end) : parseInstant(from)!;
  if (start >= end) throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
  return { from: start, to: end };
}
