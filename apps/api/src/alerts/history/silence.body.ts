import { ApiProperty } from '@nestjs/swagger';
import { IsInstant } from '../../http/input/time-range.js';

/** Body of `POST /v1/alerts/:id/silence`. */
export class SilenceBody {
  @ApiProperty({
    format: 'date-time',
    description: 'At most 30 days from now. An instant that has passed ends the silence.',
  })
  @IsInstant()
  until: string;
}
