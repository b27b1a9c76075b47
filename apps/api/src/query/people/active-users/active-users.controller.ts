import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { GRANULARITIES, type Granularity } from '#people';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { IsTimeZone } from '../../../http/input/is-time-zone.js';
import { readQuery } from '../../../http/input/read-query.js';
import { RangeQuery } from '../../../http/input/time-range.js';
import { Answers } from '../../../http/openapi/answers.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { periodsOf } from '../activity/periods.js';
import { requestedRange } from '../activity/requested-range.js';
import { ActiveUsersReadModel } from './active-users.read-model.js';
import { activeUsersSchema } from './active-users.schema.js';
import { renderActiveUsers } from './render-active-users.js';

/** Periods of an answer when `from` is absent. */
const USUAL = { day: 30, week: 12, month: 12 } as const;
const MAX_PERIODS = 1000;

class PeriodQuery {
  /** Nest copies most of a property into the parameter's schema, but not `enum`. */
  @ApiPropertyOptional({ type: String, default: 'day', schema: { enum: GRANULARITIES } } as object)
  @IsIn(GRANULARITIES)
  granularity: Granularity = 'day';

  @ApiPropertyOptional({
    type: String,
    default: 'UTC',
    description: 'IANA time zone in which days, weeks and months begin.',
    example: 'Europe/Berlin',
  })
  @IsTimeZone()
  tz = 'UTC';
}

/** Parameters of `GET /v1/active-users`. */
export class ActiveUsersQuery extends IntersectionType(PeriodQuery, RangeQuery) {}

@ApiTags('query')
@Controller('v1/active-users')
@Requires('read')
export class ActiveUsersController {
  constructor(private readonly users: ActiveUsersReadModel) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'Distinct users by day, week or month, new ones and those who came back.',
    description:
      'Exact counts of the users with an event in each period. A user is new in the first period of all with an event of ' +
      'theirs. The range is widened to whole periods and has all of them, also those without users; by default the last ' +
      '30 days, 12 weeks or 12 months. Weeks begin on Monday.',
  })
  @ApiQuery({ type: ActiveUsersQuery })
  @Answers(200, activeUsersSchema, 'The periods, oldest first.')
  async get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(ActiveUsersQuery, raw);
    const { granularity, tz: timeZone } = query;
    const periods = periodsOf({
      ...{ granularity, timeZone, usual: USUAL[granularity], max: MAX_PERIODS },
      ...requestedRange(query, Date.now()),
    });
    return renderActiveUsers(timeZone, periods, await this.users.count(readerOf(request), periods));
  }
}
