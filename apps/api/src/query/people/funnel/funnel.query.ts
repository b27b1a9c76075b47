import { ApiHideProperty, ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { NumberFromText } from '../../../http/input/from-text.js';
import { IsText } from '../../../http/input/is-text.js';
import { RangeQuery } from '../../../http/input/time-range.js';
import { IsConditions } from '../../aggregates/conditions.js';
import { IsDuration } from './duration.js';

const LONGEST_NAME = 256;
const MIN_STEPS = 2;
const MAX_STEPS = 8;
const MAX_GROUPS = 100;

/** Events of one type with these dimensions. */
export class FunnelStep {
  @ApiProperty({ maxLength: LONGEST_NAME, description: 'Event type.' })
  @IsText(LONGEST_NAME)
  type: string;

  /** Dimension → required value; null: the event has no such dimension. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    description: 'Dimension → value; null for events without it.',
  } as object)
  @IsConditions()
  where: Record<string, string | null> = {};
}

class WhichSteps {
  /** `GET` has them as text. */
  @ApiHideProperty()
  @IsArray()
  @ArrayMinSize(MIN_STEPS)
  @ArrayMaxSize(MAX_STEPS)
  @ValidateNested({ each: true })
  @Type(() => FunnelStep)
  steps: FunnelStep[];

  @ApiPropertyOptional({
    type: String,
    default: '1d',
    description: 'From the first step to the last: `90s`, `30m`, `12h` or `7d`; at most 31 days.',
    example: '1h',
  })
  @IsDuration()
  within = '1d';

  @ApiPropertyOptional({
    maxLength: LONGEST_NAME,
    description: 'A dimension of the first step: adds a funnel for each of its values.',
  })
  @IsOptional()
  @IsText(LONGEST_NAME)
  group_by?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_GROUPS,
    default: 20,
    description: 'Most groups of an answer: those with the most users.',
  })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(MAX_GROUPS)
  limit = 20;
}

/** Parameters of a funnel. */
export class FunnelQuery extends IntersectionType(WhichSteps, RangeQuery) {}
