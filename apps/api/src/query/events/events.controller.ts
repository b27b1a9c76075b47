import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { pseudonymize } from '#identity';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { timeRange } from '../../http/input/time-range.js';
import { Answers } from '../../http/openapi/answers.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { eventSchema } from './event.schema.js';
import { eventPageSchema } from './event-page.schema.js';
import { EventPages } from './event-pages.js';
import { EventsQuery, readEventsQuery } from './events.query.js';
import { MAX_READ, MAX_SECONDS } from './events.read-model.js';
import { MAX_CONDITIONS, payloadConditions } from './payload-conditions.js';

@ApiTags('query')
@Controller('v1/events')
@Requires('read')
export class EventsController {
  constructor(private readonly pages: EventPages) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'Raw events, newest first.',
    description:
      'By default all events within retention, including those that are up to 24 hours ahead. Conditions on payload ' +
      `fields, at most ${MAX_CONDITIONS}, are checked event by event: a page ends after ${MAX_READ.toLocaleString('en')} ` +
      `events or ${MAX_SECONDS} seconds even if it is not full. Then it has \`searched_until\`, and \`next_cursor\` goes on.`,
  })
  // Decorators apply bottom up, so these parameters come after those of EventsQuery.
  @ApiQuery({
    name: 'missing',
    required: false,
    schema: { type: 'string' },
    description:
      'Only events without these payload fields, comma-separated: `payload.page`. A field that is null, an object or a ' +
      'list counts as missing.',
  })
  @ApiQuery({
    name: 'where',
    required: false,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    description:
      'Only events with this value of a payload field: `where[payload.page]=/`, `where[payload.context.branch]=main`. ' +
      'Numbers and booleans are compared as text, as dimensions are; a shortened value of a group finds its events.',
    // /docs prefills the first example.
    examples: { all: { value: {} }, 'one page': { value: { 'payload.page': '/' } } },
  })
  @ApiQuery({ type: EventsQuery })
  @Answers(200, eventPageSchema(eventSchema), 'A page of events.')
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readEventsQuery(raw);
    const { to, lengthMs } = this.pages.everything();
    const { rows, end } = await this.pages.page(request, query, {
      ...timeRange(query, { to, from: (end) => end - lengthMs }),
      ...(query.type === undefined ? {} : { type: query.type }),
      ...(query.user_id === undefined ? {} : { userId: pseudonymize(request.principal, query.user_id) }),
      ...(query.session_id === undefined ? {} : { sessionId: query.session_id }),
      payload: payloadConditions(query.where),
    });
    return { data: rows, ...end };
  }
}
