import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { formatNamed } from '#exports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { readQuery } from '../http/input/read-query.js';
import { Downloads } from './downloads.js';
import { queryOf } from './exports.query.js';
import { ExportsService } from './exports.service.js';

const csv = formatNamed('csv')!;
const xlsx = formatNamed('xlsx')!;
const FORMATS = { csv, xlsx };

class FormatQuery {
  @ApiPropertyOptional({ type: String, default: 'csv', schema: { enum: Object.keys(FORMATS) } } as object)
  @IsIn(Object.keys(FORMATS))
  format: keyof typeof FORMATS = 'csv';
}

/** Parameters of `GET /api/analytics/reports/events`. */
class ReportQuery extends IntersectionType(FormatQuery, queryOf(csv)) {}

/** The export of the product analytics dialect. */
@ApiTags('product analytics')
@Controller('api/analytics/reports/events')
@Requires('export')
export class AnalyticsExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get()
  @ApiOperation({ summary: 'Raw events as CSV or XLSX.' })
  @ApiQuery({ type: ReportQuery })
  @Downloads(csv, xlsx)
  download(
    @Req() request: AuthenticatedRequest,
    @Res() reply: FastifyReply,
    @Query() raw: Record<string, unknown>,
  ): Promise<void> {
    const query = readQuery(ReportQuery, raw);
    return this.exports.send(request, reply, FORMATS[query.format], query);
  }
}
