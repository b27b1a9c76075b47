import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { SettingsPatch } from '#identity';
import { IsText } from '../http/input/is-text.js';
import { IsTimeZone } from '../http/input/is-time-zone.js';

const MAX_NAME_LENGTH = 256;
const MAX_TYPES = 1000;
/** As in ISO 8601. */
const SUNDAY = 7;
/** Fits Redis's counter and PostgreSQL's integer. */
const MAX_INT = 2 ** 31 - 1;

/** Requests per window; `null` returns to the installation's setting. */
const RequestLimit = (): PropertyDecorator => (target, name) => {
  for (const decorate of [
    ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 0, description: '0: unlimited' }),
    IsOptional(),
    IsInt(),
    Min(0),
    Max(MAX_INT),
  ]) {
    decorate(target, name);
  }
};

class RateLimitsBody {
  @RequestLimit()
  single?: number | null;

  @RequestLimit()
  batch?: number | null;

  @RequestLimit()
  read?: number | null;
}

/** Settings by name; `null` removes one. */
export class SettingsBody implements SettingsPatch {
  @ApiPropertyOptional({
    isArray: true,
    type: String,
    nullable: true,
    description: 'Event types that product analytics accepts; default: all',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TYPES)
  @IsText(MAX_NAME_LENGTH, { each: true })
  allowed_event_types?: string[] | null;

  @ApiPropertyOptional({
    type: RateLimitsBody,
    nullable: true,
    description: 'Requests per window; set by the operator only',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RateLimitsBody)
  rate_limits?: RateLimitsBody | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 1,
    description: `Series (combinations of dimension values) of an event type that are counted separately per day; further ones are
      counted under __other__. Takes effect on the next day. Set by the operator only`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_INT)
  max_series_per_type?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 1,
    description: `Days for which events are kept, at most EVENT_RETENTION_DAYS, which is the default. Older events are refused, and
      stored ones deleted by the next daily run; a longer period later does not bring them back. Aggregates stay`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  event_retention_days?: number | null;

  @ApiPropertyOptional({ type: Boolean, nullable: true })
  @IsOptional()
  @IsBoolean()
  anonymize_user_ids?: boolean | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'Europe/Berlin',
    description: 'IANA time zone in which the days of daily metrics begin; default: UTC',
  })
  @IsOptional()
  @IsTimeZone()
  time_zone?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: SUNDAY,
    description: 'First day of the week, 1 (Monday) to 7 (Sunday); default: 1',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(SUNDAY)
  first_weekday?: number | null;
}

/** Body of `POST /v1/organizations`. */
export class NewOrganizationBody {
  @ApiProperty({ maxLength: MAX_NAME_LENGTH })
  @IsText(MAX_NAME_LENGTH)
  name: string;

  @ApiPropertyOptional({ type: SettingsBody })
  @ValidateIf((_, settings) => settings !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => SettingsBody)
  settings?: SettingsBody;
}

/** Body of `PATCH /v1/organizations/:id`. */
export class OrganizationChangeBody {
  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @ValidateIf((_, name) => name !== undefined)
  @IsText(MAX_NAME_LENGTH)
  name?: string;

  @ApiPropertyOptional({ type: SettingsBody, description: 'Merged by name; null removes one' })
  @ValidateIf((_, settings) => settings !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => SettingsBody)
  settings?: SettingsBody;
}
