import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional } from 'class-validator';
import { IsText } from '../http/input/is-text.js';
import { MAX_USER_ID_LENGTH } from './user-id.js';
import type { UserDraft } from './users.store.js';

const MAX_NAME_LENGTH = 256;

/** Body of `POST /v1/users`. */
export class UserBody implements UserDraft {
  @ApiProperty({ maxLength: MAX_USER_ID_LENGTH, description: 'The `user_id` of events' })
  @IsText(MAX_USER_ID_LENGTH)
  external_id: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'email' })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  team?: string | null;
}
