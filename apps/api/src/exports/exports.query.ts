import { type Type } from '@nestjs/common';
import { ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import type { ExportFormat, FileOptions } from '#exports';
import { IsText } from '../http/input/is-text.js';
import { RangeQuery } from '../http/input/time-range.js';
import { AreColumns } from './are-columns.js';

const MAX_NAME_LENGTH = 256;
const MAX_COLUMNS_LENGTH = 5000;

const toBoolean = Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));

/** Which events: as in `GET /v1/events`. */
export class ExportFilterQuery {
  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  type?: string;

  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  user_id?: string;

  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  session_id?: string;
}

class FileQuery implements FileOptions {
  @ApiPropertyOptional({
    maxLength: MAX_COLUMNS_LENGTH,
    example: 'payload.page,payload.duration_ms',
    description:
      'Columns, separated by commas. Fields of the payload alone stand in place of `payload`, after the other columns. ' +
      'Dots lead into objects and, with numbers, into lists.',
  })
  @IsOptional()
  @IsText(MAX_COLUMNS_LENGTH)
  @AreColumns()
  columns?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Begin with a byte order mark.' })
  @toBoolean
  @IsBoolean()
  bom = false;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'End with a line that says that the file is complete.',
  })
  @toBoolean
  @IsBoolean()
  end_line = false;
}

/** Parameters of an export in every format. */
export class ExportQuery extends IntersectionType(ExportFilterQuery, RangeQuery, FileQuery) {}

const OPTIONS = ['bom', 'end_line'] as const satisfies readonly (keyof FileOptions)[];

/** Parameters of an export in one format. */
export function queryOf(format: ExportFormat): Type<ExportFilterQuery & RangeQuery & Partial<FileQuery>> {
  return OmitType(
    ExportQuery,
    OPTIONS.filter((option) => !format.options.includes(option)),
  );
}
