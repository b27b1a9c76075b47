import { Controller, Delete, Get, Param, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../../http/authenticated-request.js';
import { readObject } from '../../http/input/read-body.js';
import { Answers } from '../../http/openapi/answers.js';
import { Refuses } from '../../http/openapi/refusals.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { Problem } from '../../http/problem.js';
import { definitionBody, ownMetricSchema } from './metric-definition.schema.js';
import { MetricDefinitionsStore } from './metric-definitions.store.js';
import { assertName, isName, readMetricDefinition } from './read-metric-definition.js';

const example = { type: 'page_view', where: { page: '/pricing' } };

@ApiTags('query')
@Controller('v1/daily-metrics/definitions')
export class MetricDefinitionsController {
  constructor(
    private readonly definitions: MetricDefinitionsStore,
    private readonly types: EventTypeRegistry,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Daily metrics that the organization defines, by name.' })
  @Answers(200, pageSchema(ownMetricSchema), 'All of them.')
  async list(@Req() { principal }: AuthenticatedRequest) {
    return { data: await this.definitions.all(principal.organizationId), next_cursor: null };
  }

  @Get(':name')
  @Requires('read')
  @ApiOperation({ summary: 'One daily metric that the organization defines.' })
  @Answers(200, ownMetricSchema, 'The metric.')
  async get(@Req() { principal }: AuthenticatedRequest, @Param('name') name: string) {
    const metric = await this.definitions.find(principal.organizationId, name);
    if (!metric) throw notFound();
    return metric;
  }

  @Put(':name')
  @Requires('administer')
  @ApiOperation({
    summary: 'Defines a daily metric, or changes one: a statistic of one event type, also by one dimension.',
    description:
      'It is computed from the last three days on, within an hour. A change removes the values of the former definition. ' +
      'An organization may define 50.',
  })
  @ApiParam({ name: 'name', description: 'A lower-case letter, then a–z, 0–9, `.`, `_` and `-`' })
  @ApiBody({ schema: definitionBody as never, examples: { views: { value: example } } })
  @Answers(201, ownMetricSchema, 'Defined.')
  @Answers(200, ownMetricSchema, 'Changed.')
  @Refuses(409, '`built_in_metric` or `too_many_metrics`.')
  async put(
    @Req() request: AuthenticatedRequest,
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertName(name);
    const { principal } = request;
    const definition = readMetricDefinition(readObject(request.body), await this.types.of(principal));
    const saved = await this.definitions.save(actorOf(request), principal.organizationId, name, definition);
    if (saved === 'too_many') {
      throw new Problem(409, 'too_many_metrics', 'The organization has reached its limit of daily metrics');
    }
    void reply.status(saved.outcome === 'created' ? 201 : 200);
    return saved.metric;
  }

  @Delete(':name')
  @Requires('administer')
  @ApiOperation({ summary: 'Removes a daily metric that the organization defines, and its values.' })
  @Answers(204, null, 'Removed.')
  async remove(@Req() request: AuthenticatedRequest, @Param('name') name: string): Promise<void> {
    const { organizationId } = request.principal;
    const isRemoved = isName(name) && (await this.definitions.remove(actorOf(request), organizationId, name));
    if (!isRemoved) throw notFound();
  }
}

const notFound = () => new Problem(404, 'not_found', 'No such metric');
