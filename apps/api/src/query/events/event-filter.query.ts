import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsText } from '../../http/input/is-text.js';

const MAX_NAME_LENGTH = 256;

/** Which raw events a list or an export has. */
export class EventFilterQuery {
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
