import { type Type } from '@nestjs/common';
import { ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import type { ExportFormat, FileOptions } from '#exports';
import { BooleanFromText } from '../http/input/from-text.js';
import { IsText } from '../http/input/is-text.js';
import { RangeQuery } from '../http/input/time-range.js';
import { EventFilterQuery } from '../query/events/event-filter.query.js';
import { AreColumns } from './are-columns.js';

const MAX_COLUMNS_LENGTH = 5000;

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
  @BooleanFromText()
  @IsBoolean()
  bom = false;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'End with a line that says that the file is complete.',
  })
  @BooleanFromText()
  @IsBoolean()
  end_line = false;
}

/** Parameters of an export in every format. */
export class ExportQuery extends IntersectionType(EventFilterQuery, RangeQuery, FileQuery) {}

const OPTIONS = ['bom', 'end_line'] as const satisfies readonly (keyof FileOptions)[];

/** Parameters of an export in one format. */
export function queryOf(format: ExportFormat): Type<EventFilterQuery & RangeQuery & Partial<FileQuery>> {
  return OmitType(
    ExportQuery,
    OPTIONS.filter((option) => !format.options.includes(option)),
  );
}
