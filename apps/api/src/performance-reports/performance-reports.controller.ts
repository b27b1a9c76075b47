import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Pool } from 'pg';
import { PerformanceReportsReadModel } from '#performance';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { readQuery } from '../http/input/read-query.js';
import { Answers } from '../http/openapi/answers.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { performanceReportEntrySchema, performanceReportSchema } from './performance-report.schema.js';

const NEWEST = 'newest';

class PerformanceReportsQuery extends PageQuery {}

@ApiTags('operations')
@Controller('v1/admin/performance-reports')
@Requires('operate')
export class PerformanceReportsController {
  private readonly reports: PerformanceReportsReadModel;

  constructor(pool: Pool) {
    this.reports = new PerformanceReportsReadModel(pool);
  }

  @Get()
  @ApiOperation({
    summary: 'Reports on speed and size, the newest first.',
    description:
      'A worker stores one each night. `POST /v1/admin/jobs/performance-report/run` stores one now.',
  })
  @ApiQuery({ type: PerformanceReportsQuery })
  @Answers(200, pageSchema(performanceReportEntrySchema), 'A page of reports.')
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(PerformanceReportsQuery, raw);
    const scope = cursorScope(principal.organizationId, query);
    const [before = null] = decodeCursor(scope, query.cursor, isPosition) ?? [];
    const rows = await this.reports.list(query.limit + 1, before);
    return pageOf(scope, rows, query.limit, ({ computed_at }) => [Date.parse(computed_at)]);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A report: slow queries and statements, tables and indexes, the disk, bloat and caches.',
  })
  @ApiParam({ name: 'id', schema: { type: 'string' }, description: 'Id of a report, or `newest`.' })
  @Answers(200, performanceReportSchema, 'The report.')
  async find(@Param('id') id: string) {
    const report =
      id === NEWEST || isUUID(id) ? await this.reports.find(id === NEWEST ? undefined : id) : null;
    if (!report) throw new Problem(404, 'not_found', 'No such report');
    return report;
  }
}

const isPosition = (value: readonly unknown[]): value is readonly [number] =>
  value.length === 1 && typeof value[0] === 'number';
