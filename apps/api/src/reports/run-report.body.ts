import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsDate } from '../http/input/is-date.js';

/** Body of `POST /v1/reports/weekly`. */
export class WeeklyReportBody {
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    description: "First day of a week of the organization's calendar that has ended; default: the last one",
  })
  @IsOptional()
  @IsDate()
  week_start?: string;
}

/** Body of `POST /v1/reports/monthly`. */
export class MonthlyReportBody {
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    description: 'First day of a month that has ended; default: the last one',
  })
  @IsOptional()
  @IsDate()
  month_start?: string;
}
