import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { formatNamed } from '#exports';
import { BUILT_IN_METRICS } from '#people';
import { sendExport } from '../exports/send-export.js';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { pageOf } from '../http/input/page.js';
import { exemplified } from '../http/openapi/example.js';
import { pageSchema } from '../http/openapi/schema.js';
import { inTurn } from '../query/tenant-reads/in-turn.js';
import { readerOf } from '../query/tenant-reads/reader.js';
import { TenantReads } from '../query/tenant-reads/tenant-reads.js';
import { DailyMetricsQuery } from './daily-metrics.query.js';
import { dailyMetrics, type MetricPosition } from './daily-metrics.read-model.js';
import { dailyMetricSchema } from './daily-metrics.schema.js';
import { isPosition, positionOf } from './metric-position.js';
import { metricsCsv } from './metrics-csv.js';
import { readDailyMetricsQuery } from './read-daily-metrics-query.js';

const csv = formatNamed('csv')!;
/** Rows of a CSV file that are read at a time. */
const ROWS_AT_ONCE = 1000;
const EXAMPLE = 'day,name,dimension,dimension_value,value\r\n2026-01-31,events,type,page_view,1250\r\n';

const names = Object.entries(BUILT_IN_METRICS).map(
  ([name, { description, ...metric }]) =>
    `- \`${name}\`${'dimension' in metric ? `, by \`${metric.dimension}\`` : ''}: ${description}`,
);

@ApiTags('query')
@Controller('v1/daily-metrics')
export class DailyMetricsController {
  constructor(private readonly reads: TenantReads) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    summary: 'Metrics of days that have ended, by day, name and dimension.',
    description:
      `Days are those of the organization's time zone. A day is computed within an hour of its end, and again when late ` +
      'events change it within three days. By a dimension, the 100 values with the most are counted apart. Beside those ' +
      `that the organization defines, the metrics are:\n\n${names.join('\n')}`,
  })
  @ApiQuery({ type: DailyMetricsQuery })
  @ApiResponse({
    status: 200,
    description: 'A page of metrics, oldest day first; as CSV all of them.',
    content: {
      'application/json': exemplified(pageSchema(dailyMetricSchema)),
      'text/csv': exemplified({ type: 'string', examples: [EXAMPLE] }),
    },
  })
  async list(
    @Req() request: AuthenticatedRequest,
    @Res() reply: FastifyReply,
    @Query() raw: Record<string, unknown>,
  ): Promise<void> {
    const { query, isCsv } = readDailyMetricsQuery(raw, request.headers.accept);
    if (isCsv) return this.sendCsv(request, reply, query);
    const { organizationId } = request.principal;
    const scope = cursorScope(organizationId, query);
    const after = decodeCursor(scope, query.cursor, isPosition);
    const rows = await this.reads.run(readerOf(request), (client) =>
      dailyMetrics(client, organizationId, query, query.limit + 1, after),
    );
    await reply.header('vary', 'accept').send(pageOf(scope, rows, query.limit, positionOf));
  }

  private async sendCsv(
    request: AuthenticatedRequest,
    reply: FastifyReply,
    query: DailyMetricsQuery,
  ): Promise<void> {
    if (request.method === 'HEAD') {
      await reply.type(csv.mediaType).send('');
      return;
    }
    const reader = readerOf(request);
    const read = (after: MetricPosition | null) =>
      inTurn(this.reads, reader, (client) =>
        dailyMetrics(client, reader.organizationId, query, ROWS_AT_ONCE, after),
      );
    const pieces = metricsCsv(read, ROWS_AT_ONCE);
    await sendExport(request, reply, { format: csv, fileName: 'daily-metrics.csv', pieces });
  }
}
