import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsOptional,
  IsString,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { type CursorScope, encodeCursor } from './cursor.js';
import { NumberFromText } from './from-text.js';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

@ValidatorConstraint()
class LimitOfPage implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_LIMIT;
  }

  defaultMessage(): string {
    return `limit must be a whole number from 1 to ${MAX_LIMIT}`;
  }
}

/** Query parameters of every list. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @NumberFromText()
  @Validate(LimitOfPage)
  limit = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: '`next_cursor` of the previous page.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

/**
 * Builds the response of a list.
 * @param scope of its cursors
 * @param rows up to `limit` + 1 rows; one more than `limit` means there is a next page
 */
export function pageOf<T>(
  scope: CursorScope,
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => readonly unknown[],
): { data: T[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  const last = rows.length > data.length ? data.at(-1) : undefined;
  return { data, next_cursor: last ? encodeCursor(scope, positionOf(last)) : null };
}
