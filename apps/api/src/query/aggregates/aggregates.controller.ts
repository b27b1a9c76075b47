import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { pseudonymize } from '#identity';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { assertStorable, invalidQuery, readQuery } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { AggregatesQuery } from './aggregates.query.js';
import { aggregatesSchema } from './aggregates.schema.js';
import { AggregatesService } from './aggregates.service.js';

@ApiTags('query')
@Controller('v1/aggregates')
@Requires('read')
export class AggregatesController {
  constructor(private readonly aggregates: AggregatesService) {}

  @Get()
  @ApiOperation({
    summary: 'Counts and statistics of one event type by window, grouped and filtered by dimensions.',
    description:
      'The default range is the 60 windows before `to`, and the default `to` is now. The range is widened to whole ' +
      'windows. A page has at most `limit` series.',
  })
  // Decorators apply bottom up, so this parameter comes after those of AggregatesQuery.
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
  @Answers(200, aggregatesSchema, 'A page of series.')
  get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { principal } = request;
    assertStorable(raw);
    const { where, rest } = splitWhere(raw);
    const query = readQuery(AggregatesQuery, rest);
    if (query.user_id !== undefined) query.user_id = pseudonymize(principal, query.user_id);
    return this.aggregates.aggregate(principal, query, where, Date.now());
  }
}

const WHERE = /^where\[(.+)\]$/;

/** Separates `where[name]=value` from the other parameters. */
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
    else throw invalidQuery([{ path: key, message: 'a dimension can have only one value' }]);
  }
  // Not by assignment: a dimension named __proto__ would set the prototype and lose the condition.
  return { where: Object.fromEntries(conditions), rest: Object.fromEntries(rest) };
}
