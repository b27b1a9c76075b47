import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { IsText } from '../../http/input/is-text.js';
import { DateRangeQuery } from './date-range.js';

const LONGEST_NAME = 256;
const MAX_METRICS = 20;

class WhichMetrics {
  @ApiProperty({
    type: [String],
    maxItems: MAX_METRICS,
    description: '`productivity_score`, `error_rate`, or any measure of an event type.',
    example: ['productivity_score', 'error_rate', 'execution_time_ms'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_METRICS)
  @ArrayUnique()
  @IsText(LONGEST_NAME, { each: true })
  metric_types: string[];

  @ApiPropertyOptional({ enum: AGGREGATION_WINDOWS, default: '1h' })
  @IsIn(AGGREGATION_WINDOWS)
  aggregation_window: WindowName = '1h';

  @ApiPropertyOptional({ description: 'Only events of this user; read from the raw events.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;
}

/** Body of `POST /api/metrics/query`. */
export class MetricQueryBody extends IntersectionType(WhichMetrics, DateRangeQuery) {}
