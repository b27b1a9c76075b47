import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, registerDecorator } from 'class-validator';
import { parseInstant } from './parse-instant.js';
import { invalidQuery } from './read-query.js';

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z');

/** Whether an instant can be answered with: in RFC 3339 a year has four digits. */
export const isNamable = (epochMs: number) => epochMs >= YEAR_0 && epochMs < YEAR_10000;

/** A query parameter that is an RFC 3339 instant. */
export function IsInstant(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isInstant',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isNamable(parseInstant(value) ?? Number.NaN),
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z`,
      },
    });
}

/** Parameters of everything that is asked for by time. */
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
 * @param defaults what an absent end means
 * @throws Problem 400 when the range is empty
 */
export function timeRange(
  { from, to }: { readonly from?: string; readonly to?: string },
  defaults: { readonly to: number; readonly lengthMs: number },
): TimeRange {
  const end = to === undefined ? defaults.to : parseInstant(to)!;
  const start = from === undefined ? end - defaults.lengthMs : parseInstant(from)!;
  if (start >= end) throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
  return { from: start, to: end };
}
