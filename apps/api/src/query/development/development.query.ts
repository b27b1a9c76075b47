import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { IsText } from '../../http/input/is-text.js';
import { PageQuery } from '../../http/input/page.js';
import { DateRangeQuery } from './date-range.js';

const LONGEST_NAME = 256;
const HOUR_MS = 3_600_000;

/** Length of a dashboard's range, and of its buckets. */
export const TIME_RANGES = {
  '1h': { lengthMs: HOUR_MS, window: '1m' },
  '6h': { lengthMs: 6 * HOUR_MS, window: '5m' },
  '1d': { lengthMs: 24 * HOUR_MS, window: '15m' },
  '7d': { lengthMs: 7 * 24 * HOUR_MS, window: '1h' },
  '30d': { lengthMs: 30 * 24 * HOUR_MS, window: '1d' },
} as const satisfies Record<string, { lengthMs: number; window: WindowName }>;
export type TimeRangeName = keyof typeof TIME_RANGES;

class UserQuery {
  @ApiPropertyOptional({
    maxLength: LONGEST_NAME,
    description: 'Only events of this user; read from the raw events.',
  })
  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;
}

/** Parameters of `GET /api/metrics/dashboard`. */
export class DashboardQuery {
  @ApiPropertyOptional({ type: String, default: '1d', schema: { enum: Object.keys(TIME_RANGES) } } as object)
  @IsIn(Object.keys(TIME_RANGES))
  time_range: TimeRangeName = '1d';

  @ApiPropertyOptional({
    maxLength: LONGEST_NAME,
    description: 'Only users with this `team`; read from the raw events.',
  })
  @IsOptional()
  @IsText(LONGEST_NAME)
  team_id?: string;
}

/** Parameters of `GET /api/metrics/real-time/:window`. */
export class RealTimeQuery extends UserQuery {}

class WindowQuery {
  @ApiProperty({
    type: String,
    required: false,
    default: '1h',
    schema: { enum: AGGREGATION_WINDOWS },
  } as object)
  @IsIn(AGGREGATION_WINDOWS)
  aggregation_window: WindowName = '1h';
}

/** Parameters of `GET /api/metrics/aggregated`. */
export class AggregatedQuery extends IntersectionType(UserQuery, WindowQuery, DateRangeQuery, PageQuery) {}
