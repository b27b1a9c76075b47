import { Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { invalidBody, readObject } from '../../../http/input/read-body.js';
import { assertStorable, invalidQuery } from '../../../http/input/read-query.js';
import { Answers } from '../../../http/openapi/answers.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { FunnelQuery } from './funnel.query.js';
import { funnelBodySchema, funnelExample, funnelSchema } from './funnel.schema.js';
import { FunnelService } from './funnel.service.js';
import { parseSteps } from './parse-steps.js';

const DESCRIPTION =
  'A user reaches a step with an event after that of the step before, and within the time limit from the first. Events ' +
  'without a user do not count; those of the same millisecond are taken in the order of the steps. An event fills one step. ' +
  'All events are in the range, by default the last 7 days, at most 31. They are read one by one: a funnel that takes over ' +
  'five seconds is refused.';

@ApiTags('query')
@Controller('v1/funnel')
@Requires('read')
export class FunnelController {
  constructor(private readonly funnels: FunnelService) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'How many users went through steps in order, within a time limit.',
    description: DESCRIPTION,
  })
  // Decorators apply bottom up, so `steps` comes before the parameters of FunnelQuery.
  @ApiQuery({ type: FunnelQuery })
  @ApiQuery({
    name: 'steps',
    schema: { type: 'string' },
    description:
      'Two to eight event types, each with dimensions if needed: `page_view:page=/pricing,form_submit`. Repeat the ' +
      'parameter, a step each, for values with commas.',
    example: 'page_view,form_submit',
  })
  @Answers(200, funnelSchema, 'The funnel.')
  get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    assertStorable(raw);
    const parameters = { ...raw, steps: parseSteps(raw.steps) };
    return this.funnels.answer(request.principal, readerOf(request), parameters, invalidQuery);
  }

  @Post()
  @ApiOperation({ summary: 'The same as GET, with steps as JSON.', description: DESCRIPTION })
  @ApiBody({ schema: funnelBodySchema as never, examples: { signup: { value: funnelExample } } })
  @Answers(200, funnelSchema, 'The funnel.')
  post(@Req() request: AuthenticatedRequest) {
    return this.funnels.answer(request.principal, readerOf(request), readObject(request.body), invalidBody);
  }
}
