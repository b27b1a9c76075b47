import { applyDecorators, Controller, Get, Param, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IsIn, isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { REPORT_TABLES, type ReportFormat, reportFormats } from '#reports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { readQuery, refuseParameters } from '../http/input/read-query.js';
import { exemplified } from '../http/openapi/example.js';
import { Problem } from '../http/problem.js';
import { reportSchema } from './report.schema.js';
import { ReportsService } from './reports.service.js';
import { sendReport } from './send-report.js';

const TABLES = REPORT_TABLES.map(({ name }) => name);
const DEFAULT_TABLE = 'users';

class TableQuery {
  @ApiPropertyOptional({
    ...{ type: String, default: DEFAULT_TABLE, schema: { enum: TABLES } },
    description: 'The table of the report that the file has.',
  } as object)
  @IsIn(TABLES)
  table: string = DEFAULT_TABLE;
}

/** The controller of `GET /v1/reports/:id.<format>`. */
function controllerOf(format: ReportFormat): Type {
  @ApiTags('reports')
  @Controller('v1/reports')
  class FormatController {
    constructor(private readonly reports: ReportsService) {}

    @Get(`:id.${format.name}`)
    @Requires('read')
    @ApiOperation({
      operationId: `report${format.name}`,
      summary: `A stored report as ${format.name.toUpperCase()}.`,
    })
    @Documented(format)
    async download(
      @Req() request: AuthenticatedRequest,
      @Res() reply: FastifyReply,
      @Param('id') id: string,
      @Query() raw: Record<string, unknown>,
    ): Promise<void> {
      const table = tableOf(format, raw);
      const report = isUUID(id) ? await this.reports.find(request.principal.organizationId, id) : null;
      if (!report) throw new Problem(404, 'not_found', 'No such report');
      await sendReport(request, reply, format, report, table);
    }
  }
  return FormatController;
}

function tableOf({ hasOneTable }: ReportFormat, raw: Record<string, unknown>): string {
  if (hasOneTable) return readQuery(TableQuery, raw).table;
  refuseParameters(raw);
  return DEFAULT_TABLE;
}

/** Documents the parameters and the answer of a format. */
function Documented({ name, mediaType, description, hasOneTable }: ReportFormat): MethodDecorator {
  const content =
    name === 'json' ? exemplified(reportSchema) : { schema: { type: 'string', format: 'binary' } };
  return applyDecorators(
    ...(hasOneTable ? [ApiQuery({ type: TableQuery })] : []),
    ApiResponse({ status: 200, description, content: { [mediaType.split(';')[0]!]: content } }),
    ApiResponse({ status: 304, description: 'The file is the one that `If-None-Match` names.' }),
  );
}

export const formatControllers = reportFormats.map(controllerOf);
