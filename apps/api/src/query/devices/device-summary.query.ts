import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { NumberFromText } from '../../http/input/from-text.js';

const HOURS_OF_YEAR = 8784;

/** Parameters of `GET /api/v1/reports/summary`. */
export class DeviceSummaryQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: HOURS_OF_YEAR,
    default: 24,
    description: 'Hours before now; their first minute is included as a whole.',
  })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(HOURS_OF_YEAR)
  time_range = 24;
}
