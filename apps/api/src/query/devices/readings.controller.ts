import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { deviceMetric, dimensionValue } from '#catalog';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { Answers } from '../../http/openapi/answers.js';
import { EventPages } from '../events/event-pages.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { ReadingsQuery, readReadingsQuery } from './readings.query.js';
import { readingOf, readingsSchema } from './readings.schema.js';
import { readingsRange } from './readings-range.js';

@ApiTags('device metrics')
@Controller('api/v1/reports/metrics')
@Requires('read')
export class ReadingsController {
  constructor(private readonly pages: EventPages) {}

  @SharedAnswer()
  @Get(':device_name')
  @ApiOperation({
    summary: 'Readings of a device, newest first.',
    description:
      'By default everything within retention. A device without readings has an empty list. A page that ended early has ' +
      '`searched_until`, see `GET /v1/events`.',
  })
  @ApiQuery({ type: ReadingsQuery })
  @Answers(200, readingsSchema, 'A page of readings.')
  async list(
    @Req() request: AuthenticatedRequest,
    @Param('device_name') deviceName: string,
    @Query() raw: Record<string, unknown>,
  ) {
    const query = readReadingsQuery(deviceName, raw);
    const { rows, end } = await this.pages.page(request, query, {
      ...readingsRange(query, this.pages.everything()),
      type: deviceMetric.name,
      payload: [{ path: 'device_name', value: dimensionValue(deviceName)! }],
    });
    return { device_name: deviceName, data: rows.map(readingOf), ...end };
  }
}
