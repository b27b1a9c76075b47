import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AGGREGATION_WINDOWS } from '#config';
import { knownUserId } from '#identity';
import { STATISTICS } from '#rollups';
import type { AuthenticatedRequest } from '../auth/access.guard.js';
import { Requires } from '../auth/access.js';
import { assertStorable, invalidQuery, readQuery } from '../input/read-query.js';
import { AggregatesQuery } from './aggregates.query.js';
import { AggregatesService } from './aggregates.service.js';

@ApiTags('query')
@Controller('v1/aggregates')
@Requires('read')
export class AggregatesController {
  constructor(private readonly aggregates: AggregatesService) {}

  @Get()
  @ApiOperation({
    summary: 'Counts and statistics of one event type by window, grouped and filtered by dimensions.',
  })
  @ApiQuery({ name: 'type', description: 'Event type' })
  @ApiQuery({
    name: 'measure',
    required: false,
    description: 'A measure of the type; absent: events are counted',
  })
  @ApiQuery({ name: 'window', required: false, enum: AGGREGATION_WINDOWS, description: 'Default 1m' })
  @ApiQuery({
    name: 'from',
    required: false,
    description: 'RFC 3339, inclusive; default: 60 windows before `to`',
  })
  @ApiQuery({
    name: 'to',
    required: false,
    description: 'RFC 3339, exclusive; default: now. Widened to whole windows',
  })
  @ApiQuery({ name: 'group_by', required: false, description: 'Dimensions, comma-separated' })
  @ApiQuery({
    name: 'where',
    required: false,
    style: 'deepObject',
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'where[dimension]=value',
  })
  @ApiQuery({ name: 'user_id', required: false, description: 'One user only, from the raw events' })
  @ApiQuery({ name: 'stats', required: false, description: `Comma-separated: ${STATISTICS.join(', ')}` })
  @ApiQuery({ name: 'limit', required: false, description: 'Series on a page, 1 to 1000; default 100' })
  @ApiQuery({ name: 'cursor', required: false })
  get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { principal } = request;
    assertStorable(raw);
    const { where, rest } = splitWhere(raw);
    const query = readQuery(AggregatesQuery, rest);
    if (query.user_id !== undefined) query.user_id = knownUserId(principal, query.user_id);
    return this.aggregates.aggregate(principal, query, where, Date.now());
  }
}

const WHERE = /^where\[(.+)\]$/;

/** Takes `where[name]=value` apart from the other parameters. */
function splitWhere(raw: Record<string, unknown>): {
  where: Record<string, string>;
  rest: Record<string, unknown>;
} {
  const conditions: [string, string][] = [];
  const rest: [string, unknown][] = [];
  for (const [key, value] of Object.entries(raw)) {
    const name = WHERE.exec(key)?.[1];
    if (name === undefined) rest.push([key, value]);
    else if (typeof value === 'string') conditions.push([name, value]);
    else throw invalidQuery([{ path: key, message: 'give a dimension one value' }]);
  }
  // Assigning would set the prototype by the name __proto__, and lose the condition.
  return { where: Object.fromEntries(conditions), rest: Object.fromEntries(rest) };
}
