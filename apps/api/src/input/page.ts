import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { encodeCursor } from './cursor.js';

const MOST = 1000;
const DEFAULT = 100;

/** Parameters of every list. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST, default: DEFAULT })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST)
  limit = DEFAULT;

  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

/** @param rows one more than `limit` when there is a next page */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => readonly unknown[],
): { data: T[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  const last = rows.length > data.length ? data.at(-1) : undefined;
  return { data, next_cursor: last ? encodeCursor(positionOf(last)) : null };
}
