import { Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { readObject } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { catalogEntrySchema } from './catalog-entry.schema.js';
import { EventTypesService } from './event-types.service.js';

const names = { type: 'array', items: { type: 'string' } };
const definition = {
  type: 'object',
  required: ['schema'],
  properties: {
    schema: {
      type: 'object',
      additionalProperties: true,
      description: 'JSON Schema (2020-12) of the payload, with `"type": "object"`',
    },
    dimensions: { ...names, maxItems: 8, description: 'Fields to group by: strings, numbers or booleans' },
    measures: { ...names, maxItems: 16, description: 'Numeric fields to aggregate' },
  },
};
const example = {
  schema: { type: 'object', properties: { choice: { type: 'string' }, weight: { type: 'number' } } },
  dimensions: ['choice'],
  measures: ['weight'],
};

@ApiTags('catalog')
@Controller('v1/event-types')
export class EventTypesController {
  constructor(private readonly types: EventTypesService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: "All event types: built-in ones first, then the organization's own." })
  @Answers(200, pageSchema(catalogEntrySchema), 'All of them.')
  async list(@Req() { principal }: AuthenticatedRequest) {
    return { data: await this.types.list(principal.organizationId), next_cursor: null };
  }

  @Get(':type')
  @Requires('read')
  @ApiOperation({ summary: 'One event type.' })
  @Answers(200, catalogEntrySchema, 'The event type.')
  @ApiParam({ name: 'type' })
  get(@Req() { principal }: AuthenticatedRequest, @Param('type') type: string) {
    return this.types.get(principal.organizationId, type);
  }

  @Put(':type')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Registers or changes an event type. Each event is counted by the definition that was current when it arrived.',
    description:
      'References must point to `#/$defs/…`. Patterns must start with `^` and must not backtrack: the next character ' +
      'alone decides how they continue. Takes effect within 5 seconds.',
  })
  @ApiParam({ name: 'type', description: 'A lower-case letter, then a–z, 0–9, `.`, `_` and `-`' })
  @ApiBody({ schema: definition as never, examples: { vote: { value: example } } })
  @Answers(201, catalogEntrySchema, 'Registered.')
  @Answers(200, catalogEntrySchema, 'Changed.')
  @Refuses(409, '`built_in_type` or `too_many_event_types`.')
  async put(
    @Req() request: AuthenticatedRequest,
    @Param('type') type: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { organizationId } = request.principal;
    const definition = readObject(request.body);
    const { created, entry } = await this.types.put(actorOf(request), organizationId, type, definition);
    void reply.status(created ? 201 : 200);
    return entry;
  }
}
