import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { STATISTICS, type Statistic } from '#rollups';
import { IsInstant } from './time-range.js';

const list = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** Parameters of `GET /v1/aggregates`, without `where[…]`. */
export class AggregatesQuery {
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  type: string;

  @IsOptional()
  @IsString()
  measure?: string;

  @IsIn(AGGREGATION_WINDOWS)
  window: WindowName = '1m';

  @IsOptional()
  @IsInstant()
  from?: string;

  @IsOptional()
  @IsInstant()
  to?: string;

  @list()
  @IsString({ each: true })
  group_by: string[] = [];

  @IsOptional()
  @IsString()
  @MaxLength(256)
  user_id?: string;

  @IsOptional()
  @list()
  @IsIn(STATISTICS, { each: true })
  stats?: Statistic[];

  /** Series on a page. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;

  @IsOptional()
  @IsString()
  cursor?: string;
}
