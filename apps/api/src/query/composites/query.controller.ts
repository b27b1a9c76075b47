import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { Answers } from '../../http/openapi/answers.js';
import { readerOf } from '../tenant-reads/reader.js';
import { queryBodySchema, queryExample, queryResultsSchema } from './query.schema.js';
import { QueryService } from './query.service.js';

@ApiTags('query')
@Controller('v1/query')
@Requires('read')
export class QueryController {
  constructor(private readonly queries: QueryService) {}

  @Post()
  @ApiOperation({
    summary: 'Several aggregate queries in one request.',
    description:
      'Each query takes the parameters of `GET /v1/aggregates`; lists are JSON arrays, and conditions are in `where`, ' +
      'with null for events without the dimension. All answers from rollups show the same moment. A fault is named by ' +
      'its place, such as `queries/0/measure`.',
  })
  @ApiBody({ schema: queryBodySchema as never, examples: { two: { value: queryExample } } })
  @Answers(200, queryResultsSchema, 'The answers, in the order of the queries.')
  async post(@Req() request: AuthenticatedRequest) {
    return {
      results: await this.queries.answer(request.principal, readerOf(request), request.body, Date.now()),
    };
  }
}
