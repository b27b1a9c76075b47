import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags, IntersectionType, OmitType } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type ExportFormat, formatNamed } from '#exports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { readQuery } from '../http/input/read-query.js';
import { DateRangeQuery, dateRange } from '../query/development/date-range.js';
import { Downloads } from './downloads.js';
import { queryOf } from './exports.query.js';
import { ExportsService } from './exports.service.js';

const csv = formatNamed('csv')!;
const json = formatNamed('json')!;

/** Parameters of the development dialect's exports. */
class CsvQuery extends IntersectionType(OmitType(queryOf(csv), ['from', 'to']), DateRangeQuery) {}
class JsonQuery extends IntersectionType(OmitType(queryOf(json), ['from', 'to']), DateRangeQuery) {}

/** The exports of the development dialect. */
@ApiTags('development metrics')
@Controller('api/metrics/export')
@Requires('export')
export class DevelopmentExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get('csv')
  @ApiOperation({ summary: 'Raw events as CSV.' })
  @ApiQuery({ type: CsvQuery })
  @Downloads(csv)
  asCsv(
    @Req() request: AuthenticatedRequest,
    @Res() reply: FastifyReply,
    @Query() raw: Record<string, unknown>,
  ) {
    return this.send(request, reply, csv, readQuery(CsvQuery, raw));
  }

  @Get('json')
  @ApiOperation({ summary: 'Raw events as JSON.' })
  @ApiQuery({ type: JsonQuery })
  @Downloads(json)
  asJson(
    @Req() request: AuthenticatedRequest,
    @Res() reply: FastifyReply,
    @Query() raw: Record<string, unknown>,
  ) {
    return this.send(request, reply, json, readQuery(JsonQuery, raw));
  }

  private send(
    request: AuthenticatedRequest,
    reply: FastifyReply,
    format: ExportFormat,
    query: CsvQuery | JsonQuery,
  ): Promise<void> {
    const { from, to } = this.exports.rangeOf({});
    return this.exports.send(request, reply, format, query, dateRange(query, { to, lengthMs: to - from }));
  }
}
