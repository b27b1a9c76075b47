import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { STATISTICS, type Statistic } from '#rollups';
import { IsText } from '../../http/input/is-text.js';
import { PageQuery } from '../../http/input/page.js';
import { RangeQuery } from '../../http/input/time-range.js';

const LONGEST_NAME = 256;
const DEFAULT_WINDOW: WindowName = '1m';

const list = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

class QuestionQuery {
  @ApiProperty({ maxLength: LONGEST_NAME, description: 'Event type.', example: 'page_view' })
  @IsText(LONGEST_NAME)
  type: string;

  @ApiPropertyOptional({ description: 'A measure of the type. Without one, events are counted.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  measure?: string;

  // Nest copies most of a property into the parameter's schema, but not `enum`.
  @ApiPropertyOptional({
    type: String,
    default: DEFAULT_WINDOW,
    schema: { enum: AGGREGATION_WINDOWS },
  } as object)
  @IsIn(AGGREGATION_WINDOWS)
  window: WindowName = DEFAULT_WINDOW;

  @ApiPropertyOptional({ type: String, description: 'Dimensions, comma-separated.' })
  @list()
  @IsText(LONGEST_NAME, { each: true })
  group_by: string[] = [];

  @ApiPropertyOptional({
    maxLength: LONGEST_NAME,
    description: 'Only events of this user; read from the raw events.',
  })
  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;

  @ApiPropertyOptional({
    type: String,
    description: `Comma-separated: ${STATISTICS.join(', ')}. Without a measure, only count.`,
  })
  @IsOptional()
  @list()
  @IsIn(STATISTICS, { each: true })
  stats?: Statistic[];
}

/** Parameters of `GET /v1/aggregates`, without `where[…]`. */
export class AggregatesQuery extends IntersectionType(QuestionQuery, RangeQuery, PageQuery) {}

const EVENT_STATISTICS: readonly Statistic[] = ['count'];
const MEASURE_STATISTICS: readonly Statistic[] = ['count', 'sum', 'avg', 'min', 'max'];

/** The statistics that a query asks for, or the default ones. */
export const statisticsOf = ({ stats, measure }: AggregatesQuery): readonly Statistic[] =>
  stats ?? (measure === undefined ? EVENT_STATISTICS : MEASURE_STATISTICS);
