import { ApiHideProperty, ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayUnique, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { QUERY_WINDOWS, type QueryWindow, STATISTICS, type Statistic } from '#rollups';
import { BooleanFromText, ListFromText } from '../../http/input/from-text.js';
import { IsText } from '../../http/input/is-text.js';
import { IsTimeZone } from '../../http/input/is-time-zone.js';
import { PageQuery } from '../../http/input/page.js';
import { RangeQuery } from '../../http/input/time-range.js';
import { IsConditions } from './conditions.js';

const LONGEST_NAME = 256;
const DEFAULT_WINDOW: QueryWindow = '1m';
const ORDERS = STATISTICS.flatMap((name) => [name, `-${name}`]);
const FILLS = ['none', 'zero', 'null'] as const;

/** Nest copies most of a property into the parameter's schema, but not `enum`. */
const choice = (values: readonly string[], more: object) =>
  ApiPropertyOptional({ type: String, schema: { enum: values }, ...more } as object);

/** What is counted. */
class SubjectQuery {
  @ApiProperty({ maxLength: LONGEST_NAME, description: 'Event type.', example: 'page_view' })
  @IsText(LONGEST_NAME)
  type: string;

  @ApiPropertyOptional({ description: 'A measure of the type. Without one, events are counted.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  measure?: string;

  @choice(QUERY_WINDOWS, {
    default: DEFAULT_WINDOW,
    description: 'Length of a bucket. Weeks begin on Monday.',
  })
  @IsIn(QUERY_WINDOWS)
  window: QueryWindow = DEFAULT_WINDOW;

  @ApiPropertyOptional({ type: String, description: 'Dimensions, comma-separated.' })
  @ListFromText()
  @ArrayUnique()
  @IsText(LONGEST_NAME, { each: true })
  group_by: string[] = [];

  /** Dimension → required value. Queries send it as `where[dimension]=value` and `missing=dimension`. */
  @ApiHideProperty()
  @IsConditions()
  where: Record<string, string | null> = {};

  @ApiPropertyOptional({
    maxLength: LONGEST_NAME,
    description: 'Only events of this user; read from the raw events.',
  })
  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;
}

/** How it is answered. */
class PresentationQuery {
  @ApiPropertyOptional({
    type: String,
    description: `Comma-separated: ${STATISTICS.join(', ')}. Without a measure, only count.`,
  })
  @IsOptional()
  @ListFromText()
  @ArrayUnique()
  @IsIn(STATISTICS, { each: true })
  stats?: Statistic[];

  @ApiPropertyOptional({
    type: String,
    default: 'UTC',
    description: 'IANA time zone in which hours, days, weeks and months begin.',
    example: 'Europe/Berlin',
  })
  @IsTimeZone()
  tz = 'UTC';

  @choice(FILLS, {
    default: 'none',
    description: 'Buckets without events: left out, or all statistics zero or null.',
  })
  @IsIn(FILLS)
  fill: (typeof FILLS)[number] = 'none';

  @choice(['previous'], { description: 'Adds the same number of buckets right before the range.' })
  @IsOptional()
  @IsIn(['previous'])
  compare?: 'previous';

  @choice(ORDERS, {
    description:
      'Orders series by this statistic of the whole range, `-` for descending; with `limit`, the top N. By default ' +
      'series are ordered by group.',
  })
  @IsOptional()
  @IsIn(ORDERS)
  order_by?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'With `order_by`: adds up all series after the first `limit` as one, the group `__rest__`.',
  })
  @BooleanFromText()
  @IsBoolean()
  rest = false;
}

/** Parameters of `GET /v1/aggregates`. */
export class AggregatesQuery extends IntersectionType(
  SubjectQuery,
  PresentationQuery,
  RangeQuery,
  PageQuery,
) {}

const EVENT_STATISTICS: readonly Statistic[] = ['count'];
const MEASURE_STATISTICS: readonly Statistic[] = ['count', 'sum', 'avg', 'min', 'max'];

/** The statistics that a query asks for, or the default ones. */
export const statisticsOf = ({ stats, measure }: AggregatesQuery): readonly Statistic[] =>
  stats ?? (measure === undefined ? EVENT_STATISTICS : MEASURE_STATISTICS);
