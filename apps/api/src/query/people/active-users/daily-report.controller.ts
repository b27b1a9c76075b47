import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { IsDate, startOfDate } from '../../../http/input/is-date.js';
import { readQuery } from '../../../http/input/read-query.js';
import { Answers } from '../../../http/openapi/answers.js';
import { count, oneOf, record } from '../../../http/openapi/schema.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { ActiveUsersReadModel } from './active-users.read-model.js';

const DAY_MS = 86_400_000;
const PERIOD = '24h';

/** Parameters of `GET /api/analytics/reports/dau`. */
export class DailyReportQuery {
  @ApiPropertyOptional({
    format: 'date',
    description: 'A day in UTC; by default today.',
    example: '2026-01-31',
  })
  @IsOptional()
  @IsDate()
  date?: string;
}

const dailyReportSchema = record<{ dau: number; date: string; period: string }>('DailyActiveUsers', {
  dau: count,
  date: { type: 'string', format: 'date' },
  period: oneOf([PERIOD]),
});

@ApiTags('product analytics')
@Controller('api/analytics/reports/dau')
@Requires('read')
export class DailyReportController {
  constructor(private readonly users: ActiveUsersReadModel) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({ summary: 'Distinct users of one day.' })
  @ApiQuery({ type: DailyReportQuery })
  @Answers(200, dailyReportSchema, 'The number.')
  async get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { date = new Date().toISOString().slice(0, 10) } = readQuery(DailyReportQuery, raw);
    const start = startOfDate(date)!;
    const bounds = [start, start + DAY_MS];
    const day = { granularity: 'day', bounds, dates: [date], isUtc: true } as const;
    const [users] = await this.users.count(readerOf(request), day);
    return { dau: users?.active ?? 0, date, period: PERIOD };
  }
}
