import { IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { STATISTICS, type Statistic } from '#rollups';
import { PageQuery } from '../input/page.js';
import { RangeQuery } from '../input/time-range.js';

const list = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** Parameters of `GET /v1/aggregates`, without `where[…]`. */
export class AggregatesQuery extends IntersectionType(RangeQuery, PageQuery) {
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  type: string;

  @IsOptional()
  @IsString()
  measure?: string;

  @IsIn(AGGREGATION_WINDOWS)
  window: WindowName = '1m';

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
}
