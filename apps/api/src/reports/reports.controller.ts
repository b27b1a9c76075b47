import { Controller, Get, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { REPORT_KINDS, type ReportKind } from '#reports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { readBody } from '../http/input/read-body.js';
import { readQuery } from '../http/input/read-query.js';
import { Answers } from '../http/openapi/answers.js';
import { pageSchema } from '../http/openapi/schema.js';
import { readerOf } from '../query/tenant-reads/reader.js';
import { reportEntrySchema, reportSchema } from './report.schema.js';
import { type ReportPosition, ReportsService } from './reports.service.js';
import { requestedPeriod } from './requested-period.js';
import { MonthlyReportBody, WeeklyReportBody } from './run-report.body.js';

const RUN =
  'The report is stored once. Asked again, it is the same, unless events came late: then it is computed anew, and ' +
  '`late_events` says how many there were.';

class ReportsQuery extends PageQuery {}

@ApiTags('reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    summary: 'Stored reports, the latest periods first.',
    description:
      "Workers compute each report within an hour after its period has ended, in the organization's time zone.",
  })
  @ApiQuery({ type: ReportsQuery })
  @Answers(200, pageSchema(reportEntrySchema), 'A page of reports.')
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(ReportsQuery, raw);
    const scope = cursorScope(principal.organizationId, query);
    const before = decodeCursor(scope, query.cursor, isPosition);
    const rows = await this.reports.list(principal.organizationId, query.limit + 1, before);
    return pageOf(scope, rows, query.limit, ({ period, kind }) => [Date.parse(period.start), kind]);
  }

  @Post('weekly')
  @Requires('export')
  @ApiOperation({ summary: 'The report of a week.', description: RUN })
  @ApiBody({ type: WeeklyReportBody, required: false, examples: { last: { value: {} } } })
  @Answers(201, reportSchema, 'A new report.')
  @Answers(200, reportSchema, 'The stored report, or a new revision of it.')
  async weekly(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.run('weekly', request, reply, readBody(WeeklyReportBody, request.body).week_start);
  }

  @Post('monthly')
  @Requires('export')
  @ApiOperation({ summary: 'The report of a month.', description: RUN })
  @ApiBody({ type: MonthlyReportBody, required: false, examples: { last: { value: {} } } })
  @Answers(201, reportSchema, 'A new report.')
  @Answers(200, reportSchema, 'The stored report, or a new revision of it.')
  async monthly(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.run('monthly', request, reply, readBody(MonthlyReportBody, request.body).month_start);
  }

  private async run(
    kind: ReportKind,
    request: AuthenticatedRequest,
    reply: FastifyReply,
    date: string | undefined,
  ) {
    const now = Date.now();
    const period = requestedPeriod(kind, date, request.principal.settings, now);
    const { isNew, report } = await this.reports.run(readerOf(request), period, now);
    reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    void reply.header('location', `/v1/reports/${report.id}.json`);
    return report;
  }
}

const isPosition = (value: readonly unknown[]): value is ReportPosition & unknown[] =>
  value.length === 2 && typeof value[0] === 'number' && REPORT_KINDS.some((kind) => kind === value[1]);
