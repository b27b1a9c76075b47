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

const LONGEST_NAME = 256;
const MOST_TYPES = 1000;
/** As much as a counter in Redis and a column of PostgreSQL both hold. */
const MOST = 2 ** 31 - 1;

/** A number of requests in a window, which `null` gives back to the installation's settings. */
const RequestLimit = (): PropertyDecorator => (target, name) => {
  for (const decorate of [
    ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 0, description: '0: any number' }),
    IsOptional(),
    IsInt(),
    Min(0),
    Max(MOST),
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

/** Settings by name; `null` takes one back. */
export class SettingsBody implements SettingsPatch {
  @ApiPropertyOptional({
    isArray: true,
    type: String,
    nullable: true,
    description: 'Event types that product analytics takes; default: all there are',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TYPES)
  @IsText(LONGEST_NAME, { each: true })
  allowed_event_types?: string[] | null;

  @ApiPropertyOptional({
    type: RateLimitsBody,
    nullable: true,
    description: 'Requests in a window; for the operator only',
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
    description: `Series of an event type, that is combinations of its dimensions, that are counted apart in a day; all
      further ones are counted under __other__. Holds for days that begin after it. For the operator only`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST)
  max_series_per_type?: number | null;

  @ApiPropertyOptional({ type: Boolean, nullable: true })
  @IsOptional()
  @IsBoolean()
  anonymize_user_ids?: boolean | null;
}

/** Body of `POST /v1/organizations`. */
export class NewOrganizationBody {
  @ApiProperty({ maxLength: LONGEST_NAME })
  @IsText(LONGEST_NAME)
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
  @ApiPropertyOptional({ maxLength: LONGEST_NAME })
  @ValidateIf((_, name) => name !== undefined)
  @IsText(LONGEST_NAME)
  name?: string;

  @ApiPropertyOptional({ type: SettingsBody, description: 'Merged name by name; null removes one' })
  @ValidateIf((_, settings) => settings !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => SettingsBody)
  settings?: SettingsBody;
}
