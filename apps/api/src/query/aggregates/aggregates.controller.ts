import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { EntityTag } from '../../http/entity-tag.interceptor.js';
import { assertStorable } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { readerOf } from '../tenant-reads/reader.js';
import { AggregatesQuery } from './aggregates.query.js';
import { aggregatesSchema } from './aggregates.schema.js';
import { AggregatesService } from './aggregates.service.js';
import { gatherConditions } from './conditions.js';

@ApiTags('query')
@Controller('v1/aggregates')
@Requires('read')
export class AggregatesController {
  constructor(private readonly aggregates: AggregatesService) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'Counts and statistics of one event type by window, grouped and filtered by dimensions.',
    description:
      'The default range is the 60 windows before `to`, and the default `to` is now. The range is widened to whole ' +
      'windows. A page has at most `limit` series, and at most 50,000 points: with many buckets it has fewer series. ' +
      'Dimensions are text: `false` and `"false"` are one group. An event whose field is absent, null, an object or a ' +
      'list has no such dimension: its group is null, and `missing` selects it.',
  })
  // Decorators apply bottom up, so these parameters come after those of AggregatesQuery.
  @ApiQuery({
    name: 'missing',
    required: false,
    schema: { type: 'string' },
    description: 'Only events without these dimensions, comma-separated.',
  })
  @ApiQuery({
    name: 'where',
    required: false,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    description: 'Only events with this value of a dimension: `where[dimension]=value`.',
    // /docs prefills the first example.
    examples: { all: { value: {} }, 'one page': { value: { page: '/' } } },
  })
  @ApiQuery({ type: AggregatesQuery })
  @EntityTag()
  @Answers(200, aggregatesSchema, 'A page of series.')
  get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    assertStorable(raw);
    return this.aggregates.aggregate(request.principal, readerOf(request), gatherConditions(raw), Date.now());
  }
}
