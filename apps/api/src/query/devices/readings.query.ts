import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { isText } from '../../http/input/is-text.js';
import { PageQuery } from '../../http/input/page.js';
import { invalidQuery, readQuery } from '../../http/input/read-query.js';
import { IsInstant } from '../../http/input/time-range.js';

const LONGEST_NAME = 255;

class TimesQuery {
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
export class ReadingsQuery extends IntersectionType(TimesQuery, PageQuery) {}

/**
 * Reads the parameters of a device's readings.
 * @returns with the device's name, so that cursors are bound to it
 * @throws Problem 400 naming every faulty parameter
 */
export function readReadingsQuery(device_name: string, raw: Readonly<Record<string, unknown>>) {
  const query = readQuery(ReadingsQuery, raw);
  if (isText(device_name, LONGEST_NAME)) return Object.assign(query, { device_name });
  const message = `device_name must be text of 1 to ${LONGEST_NAME} characters`;
  throw invalidQuery([{ path: 'device_name', message }]);
}
