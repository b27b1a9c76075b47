import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { NumberFromText } from '../../../http/input/from-text.js';
import { IsTimeZone } from '../../../http/input/is-time-zone.js';
import { readQuery } from '../../../http/input/read-query.js';
import { RangeQuery } from '../../../http/input/time-range.js';
import { Answers } from '../../../http/openapi/answers.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { requestedRange } from '../activity/requested-range.js';
import { renderRetention } from './render-retention.js';
import { RetentionReadModel } from './retention.read-model.js';
import { retentionSchema } from './retention.schema.js';
import { retentionWeeks } from './retention-weeks.js';

const USUAL_WEEKS = 8;
const MAX_WEEKS = 52;

class CohortQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_WEEKS,
    default: USUAL_WEEKS,
    description: 'How many weeks each cohort is followed.',
  })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(MAX_WEEKS)
  weeks = USUAL_WEEKS;

  @ApiPropertyOptional({
    type: String,
    default: 'UTC',
    description: 'IANA time zone in which weeks begin.',
    example: 'Europe/Berlin',
  })
  @IsTimeZone()
  tz = 'UTC';
}

/** Parameters of `GET /v1/retention`. */
export class RetentionQuery extends IntersectionType(CohortQuery, RangeQuery) {}

@ApiTags('query')
@Controller('v1/retention')
@Requires('read')
export class RetentionController {
  constructor(private readonly retention: RetentionReadModel) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'How many users of each week came back in the weeks after.',
    description:
      'A cohort is the users who were active for the first time ever in one ISO week, from Monday. `from` and `to` say ' +
      `which cohorts, widened to whole weeks, by default the last ${USUAL_WEEKS}; at most ${MAX_WEEKS}. The current week ` +
      'counts as far as it has come.',
  })
  @ApiQuery({ type: RetentionQuery })
  @Answers(200, retentionSchema, 'The cohorts, oldest first.')
  async get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { weeks, tz, ...range } = readQuery(RetentionQuery, raw);
    const requested = requestedRange(range, Date.now());
    const limits = { usual: USUAL_WEEKS, max: MAX_WEEKS };
    const { cohorts, periods } = retentionWeeks(
      { ...requested, ...limits, granularity: 'week', timeZone: tz },
      weeks,
    );
    const returns = await this.retention.returns(readerOf(request), periods, cohorts, weeks);
    return renderRetention({ tz, cohorts, weeks }, periods, returns);
  }
}
