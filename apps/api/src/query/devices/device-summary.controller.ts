import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RollupReads, WINDOW_SECONDS } from '#rollups';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { readQuery } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { readerOf } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { deviceQuestion, latestBuckets, summarize } from './device-summary.js';
import { DeviceSummaryQuery } from './device-summary.query.js';
import { deviceSummarySchema } from './device-summary.schema.js';
import { latestReadings } from './latest-readings.read-model.js';

@ApiTags('device metrics')
@Controller('api/v1/reports/summary')
@Requires('read')
export class DeviceSummaryController {
  constructor(
    private readonly reads: TenantReads,
    private readonly rollups: RollupReads,
  ) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'All readings of the last hours, by device and metric.',
    description: 'Up to 144 hours begin with a full minute, more with a full hour.',
  })
  @ApiQuery({ type: DeviceSummaryQuery })
  @Answers(200, deviceSummarySchema, 'The summary, ordered by device and metric.')
  async get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { time_range } = readQuery(DeviceSummaryQuery, raw);
    const question = deviceQuestion(time_range, Date.now());
    const reader = readerOf(request);
    const { organizationId } = reader;
    const series = await this.reads.snapshot(reader, (client) =>
      this.rollups.in(client, organizationId).series(question),
    );
    const buckets = latestBuckets(series, question.bounds);
    const lengthMs = WINDOW_SECONDS[question.stored] * 1000;
    const latest = await this.reads.run(reader, (client) =>
      latestReadings(client, organizationId, buckets, lengthMs),
    );
    return { time_range, data: summarize(series, latest) };
  }
}
