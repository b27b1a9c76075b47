import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { BooleanFromText, ListFromText } from '../http/input/from-text.js';
import { IsDate } from '../http/input/is-date.js';
import { IsText } from '../http/input/is-text.js';
import { PageQuery } from '../http/input/page.js';

const LONGEST_NAME = 256;
const MOST_NAMES = 100;
export const FORMATS = ['json', 'csv'] as const;

/** Which rows, and how. */
class MetricsQuery {
  @ApiPropertyOptional({ format: 'date', description: 'First day.', example: '2026-01-01' })
  @IsOptional()
  @IsDate()
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'The day after the last one.', example: '2026-02-01' })
  @IsOptional()
  @IsDate()
  to?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Names of metrics, comma-separated.',
    example: 'dau,mau',
  })
  @IsOptional()
  @ListFromText()
  @ArrayUnique()
  @ArrayMaxSize(MOST_NAMES)
  @IsText(LONGEST_NAME, { each: true })
  name?: string[];

  @ApiPropertyOptional({ description: 'Only values by this dimension, such as `type`.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  dimension?: string;

  @ApiPropertyOptional({ description: 'Only this value of the dimension.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  value?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only totals, without dimensions.' })
  @BooleanFromText()
  @IsBoolean()
  totals = false;

  /** Nest copies most of a property into the parameter's schema, but not `enum`. */
  @ApiPropertyOptional({
    type: String,
    schema: { enum: FORMATS },
    description: 'By default what `Accept` names. CSV has all rows at once.',
  } as object)
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];
}

/** Parameters of `GET /v1/daily-metrics`. */
export class DailyMetricsQuery extends IntersectionType(MetricsQuery, PageQuery) {}
