import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { COMPARISONS, type Comparison } from '#alerts';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { IsText } from '../../http/input/is-text.js';
import { MAX_CHANNELS, MAX_NAME, ONE_LINE } from '../channels/limits.js';

const DAY_SECONDS = 86_400;

export const RULE_KINDS = ['threshold', 'no_events'] as const;

/** Fields of every rule, without those of the event type. */
export class RuleBody {
  @IsText(MAX_NAME)
  @Matches(ONE_LINE, { message: 'name must be one line' })
  name: string;

  @IsIn(RULE_KINDS)
  kind: (typeof RULE_KINDS)[number];

  @IsInt()
  @Min(0)
  @Max(DAY_SECONDS)
  for_seconds = 0;

  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(7 * DAY_SECONDS)
  repeat_seconds: number | null = 4 * 3600;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANNELS)
  @ArrayUnique()
  @IsText(MAX_NAME, { each: true })
  channels: string[] | null = null;

  @IsBoolean()
  enabled = true;
}

/** Fields of a rule with a threshold. */
export class ThresholdBody extends RuleBody {
  @IsIn(AGGREGATION_WINDOWS)
  window: WindowName;

  @IsIn(COMPARISONS)
  comparison: Comparison;

  @IsNumber({ allowNaN: false, allowInfinity: false })
  threshold: number;
}

/** Fields of a rule about silence. */
export class NoEventsBody extends RuleBody {
  @IsInt()
  @Min(1)
  @Max(1440)
  minutes: number;
}
