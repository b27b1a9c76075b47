import { Controller, Get, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Environment } from '#config';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { ReportMailsStore, type TestRefusal } from './report-mails.store.js';
import { recipientNotFound, unsubscribed } from './report-recipients.controller.js';
import { reportMailSchema } from './report-recipients.schema.js';

/** Between two tests of one recipient, who may not have asked for any. */
const TEST_REST_SECONDS = 60;

const REFUSALS: Readonly<Record<TestRefusal, () => Problem>> = {
  no_recipient: recipientNotFound,
  unsubscribed,
  no_report: () =>
    new Problem(409, 'no_report', 'There is no report of their kinds yet. POST /v1/reports/weekly makes one'),
  too_soon: () =>
    new Problem(429, 'too_many_tests', 'They were sent a test within the last minute', undefined, {
      'retry-after': String(TEST_REST_SECONDS),
    }),
};

@ApiTags('reports')
@Controller('v1')
@Requires('notify')
export class ReportMailsController {
  constructor(
    private readonly mails: ReportMailsStore,
    private readonly environment: Environment,
  ) {}

  @Get('reports/:id/mails')
  @ApiOperation({ summary: 'Who was sent a report by mail, and what became of each mail.' })
  @Answers(200, pageSchema(reportMailSchema), 'The mails, the latest first.')
  async list(@Req() { principal }: AuthenticatedRequest, @Param('id') id: string) {
    const data = isUUID(id) ? await this.mails.ofReport(principal.organizationId, id) : null;
    if (!data) throw new Problem(404, 'not_found', 'No such report');
    return { data, next_cursor: null };
  }

  @Post('report-recipients/:id/test')
  @ApiOperation({
    summary: 'Mails the newest report to a recipient, to see whether mail arrives.',
    description:
      'A worker sends it within seconds. `GET /v1/reports/{report_id}/mails` says what became of it.',
  })
  @Answers(202, reportMailSchema, 'The mail, which is still to be sent.')
  @Refuses(409, '`no_report` of the kinds that they get, or `recipient_unsubscribed`.')
  @Refuses(501, 'This installation sends no mail: `SMTP_URL` is not set.')
  async test(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    if (this.environment.SMTP_URL === undefined) {
      throw new Problem(501, 'mail_not_configured', 'This installation sends no mail: SMTP_URL is not set');
    }
    if (!isUUID(id)) throw recipientNotFound();
    const { organizationId } = request.principal;
    const rest = { now: Date.now(), restMs: TEST_REST_SECONDS * 1000 };
    const planned = await this.mails.planTest(actorOf(request), organizationId, id, rest);
    if (typeof planned === 'string') throw REFUSALS[planned]();
    return planned;
  }
}
