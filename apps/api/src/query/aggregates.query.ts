import { IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { STATISTICS, type Statistic } from '#rollups';
import { IsText } from '../input/is-text.js';
import { PageQuery } from '../input/page.js';
import { RangeQuery } from '../input/time-range.js';

const LONGEST_NAME = 256;

const list = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** Parameters of `GET /v1/aggregates`, without `where[…]`. */
export class AggregatesQuery extends IntersectionType(RangeQuery, PageQuery) {
  @IsText(LONGEST_NAME)
  type: string;

  @IsOptional()
  @IsText(LONGEST_NAME)
  measure?: string;

  @IsIn(AGGREGATION_WINDOWS)
  window: WindowName = '1m';

  @list()
  @IsText(LONGEST_NAME, { each: true })
  group_by: string[] = [];

  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;

  @IsOptional()
  @list()
  @IsIn(STATISTICS, { each: true })
  stats?: Statistic[];
}
