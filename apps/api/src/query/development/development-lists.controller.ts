import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { agentInteraction, commandExecution, dimensionValue } from '#catalog';
import { pseudonymize } from '#identity';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { readQuery } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { eventPageSchema } from '../events/event-page.schema.js';
import { EventPages } from '../events/event-pages.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { dateRange } from './date-range.js';
import { AgentsQuery, CommandsQuery } from './development-lists.query.js';
import { agentRowSchema, commandRowSchema, developmentRow } from './development-rows.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DESCRIPTION =
  'By default everything within retention. Names and status are looked for event by event; a page that ended early has ' +
  '`searched_until`, see `GET /v1/events`.';

@ApiTags('development metrics')
@Controller('api/metrics')
@Requires('read')
export class DevelopmentListsController {
  constructor(private readonly pages: EventPages) {}

  @SharedAnswer()
  @Get('commands')
  @ApiOperation({ summary: 'Executed commands, newest first.', description: DESCRIPTION })
  @ApiQuery({ type: CommandsQuery })
  @Answers(200, eventPageSchema(commandRowSchema), 'A page of commands.')
  commands(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(CommandsQuery, raw);
    const { command_name } = query;
    return this.list(request, query, commandExecution.name, { command_name });
  }

  @SharedAnswer()
  @Get('agents')
  @ApiOperation({ summary: 'Interactions with agents, newest first.', description: DESCRIPTION })
  @ApiQuery({ type: AgentsQuery })
  @Answers(200, eventPageSchema(agentRowSchema), 'A page of interactions.')
  agents(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(AgentsQuery, raw);
    const { agent_name } = query;
    return this.list(request, query, agentInteraction.name, { agent_name });
  }

  private async list(
    request: AuthenticatedRequest,
    query: CommandsQuery | AgentsQuery,
    type: string,
    name: Readonly<Record<string, string | undefined>>,
  ) {
    const { user_id, status } = query;
    const { rows, end } = await this.pages.page(request, query, {
      ...dateRange(query, this.pages.everything()),
      type,
      ...(user_id === undefined
        ? {}
        : { userId: pseudonymize(request.principal, withUuidInLowerCase(user_id)) }),
      payload: Object.entries({ ...name, status }).flatMap(([path, value]) =>
        value === undefined ? [] : [{ path, value: dimensionValue(value)! }],
      ),
    });
    return { data: rows.map(developmentRow), ...end };
  }
}

/** As intake does: UUIDs are valid in either case (RFC 9562). */
const withUuidInLowerCase = (userId: string) => (UUID.test(userId) ? userId.toLowerCase() : userId);
