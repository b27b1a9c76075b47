import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { REPORT_KINDS, type ReportKind } from '#reports';
import { IsMailAddress } from './mail-address.js';

/** Body of `POST /v1/report-recipients`. */
export class RecipientBody {
  @ApiProperty({ type: String, format: 'email', description: 'One address, without a name.' })
  @IsMailAddress()
  email: string;

  @ApiPropertyOptional({ enum: REPORT_KINDS, isArray: true, default: ['weekly'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(REPORT_KINDS, { each: true })
  kinds: ReportKind[] = ['weekly'];
}
