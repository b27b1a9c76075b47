import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { exportFormats, MAX_COLUMNS } from '#exports';
import { IsText } from '../http/input/is-text.js';
import { RangeQuery } from '../http/input/time-range.js';
import { EventFilterQuery } from '../query/events/event-filter.query.js';
import { AreColumns } from './are-columns.js';

const FORMATS = exportFormats.map(({ name }) => name);
const MAX_NAME_LENGTH = 100;

/** Which events, as in `GET /v1/events`. */
export class ExportFilterBody extends IntersectionType(EventFilterQuery, RangeQuery) {}

/** Body of `POST /v1/exports`. */
export class ExportBody {
  @ApiProperty({ enum: FORMATS })
  @IsIn(FORMATS)
  format: string;

  @ApiPropertyOptional({ type: ExportFilterBody, description: 'Absent: all events within retention.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ExportFilterBody)
  filter?: ExportFilterBody;

  @ApiPropertyOptional({ type: String, isArray: true, maxItems: MAX_COLUMNS, example: ['payload.page'] })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_COLUMNS)
  @IsText(MAX_NAME_LENGTH, { each: true })
  @AreColumns()
  columns?: string[];

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'CSV: begin with a byte order mark.' })
  @IsBoolean()
  bom = false;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'CSV and NDJSON: end with a line that says that the file is complete.',
  })
  @IsBoolean()
  end_line = false;
}
