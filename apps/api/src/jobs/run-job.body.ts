import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsInstant } from '../http/input/time-range.js';

/** Body of `POST /v1/admin/jobs/:name/run`. */
export class RunJobBody {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'A slot of the schedule that is over; default: now',
  })
  @IsOptional()
  @IsInstant()
  slot?: string;
}
