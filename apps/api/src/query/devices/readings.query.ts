import { ApiHideProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsText } from '../../http/input/is-text.js';
import { PageQuery } from '../../http/input/page.js';
import { readQuery } from '../../http/input/read-query.js';
import { IsInstant } from '../../http/input/time-range.js';

const LONGEST_NAME = 255;

class ReadingsFilterQuery {
  /** From the path; part of the query, so that cursors are bound to it. */
  @ApiHideProperty()
  @IsText(LONGEST_NAME)
  device_name: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'RFC 3339, inclusive.' })
  @IsOptional()
  @IsInstant()
  start_time?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'RFC 3339, exclusive.' })
  @IsOptional()
  @IsInstant()
  end_time?: string;
}

/** Parameters of `GET /api/v1/reports/metrics/:device_name`. */
export class ReadingsQuery extends IntersectionType(ReadingsFilterQuery, PageQuery) {}

/**
 * Reads the parameters of a device's readings.
 * @throws Problem 400 naming every faulty parameter
 */
export function readReadingsQuery(
  device_name: string,
  raw: Readonly<Record<string, unknown>>,
): ReadingsQuery {
  return readQuery(ReadingsQuery, { ...raw, device_name });
}
