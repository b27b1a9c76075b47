import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Environment } from '#config';
import { pseudonymize } from '#identity';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { isId } from '../../../http/input/is-id.js';
import { Answers } from '../../../http/openapi/answers.js';
import { Problem } from '../../../http/problem.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { renderUserSummary } from './render-user-summary.js';
import { UserSummaryReadModel } from './user-summary.read-model.js';
import { userSummarySchema } from './user-summary.schema.js';

const DAY_MS = 86_400_000;

@ApiTags('query')
@Controller('v1/users')
@Requires('read')
export class UserSummaryController {
  constructor(
    private readonly users: UserSummaryReadModel,
    private readonly environment: Environment,
  ) {}

  @SharedAnswer()
  @Get(':external_id/summary')
  @ApiOperation({
    summary: 'The totals of one user: events by type, sessions, days.',
    description: 'Of a user with a profile, or with events only.',
  })
  @Answers(200, userSummarySchema, 'The totals.')
  async get(@Req() request: AuthenticatedRequest, @Param('external_id') externalId: string) {
    const summary = isId(externalId)
      ? await this.summaryOf(request, pseudonymize(request.principal, externalId))
      : null;
    if (!summary) throw new Problem(404, 'not_found', 'No such user');
    return summary;
  }

  private async summaryOf(request: AuthenticatedRequest, userId: string) {
    const to = Date.now() + 2 * DAY_MS;
    const from = to - (this.environment.EVENT_RETENTION_DAYS + 3) * DAY_MS;
    return renderUserSummary(userId, await this.users.totals(readerOf(request), userId, { from, to }));
  }
}
