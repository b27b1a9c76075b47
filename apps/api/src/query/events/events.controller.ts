import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Environment } from '#config';
import { pseudonymize } from '#identity';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../../http/input/cursor.js';
import { IsText } from '../../http/input/is-text.js';
import { PageQuery, pageOf } from '../../http/input/page.js';
import { readQuery } from '../../http/input/read-query.js';
import { RangeQuery, timeRange } from '../../http/input/time-range.js';
import { Answers } from '../../http/openapi/answers.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { readerOf } from '../tenant-reads/reader.js';
import { eventSchema } from './event.schema.js';
import { type EventPosition, EventsReadModel } from './events.read-model.js';

const DAY_MS = 86_400_000;
const MAX_NAME_LENGTH = 256;

class EventFilterQuery {
  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  type?: string;

  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  user_id?: string;

  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  session_id?: string;
}

/** Parameters of `GET /v1/events`. */
export class EventsQuery extends IntersectionType(EventFilterQuery, RangeQuery, PageQuery) {}

@ApiTags('query')
@Controller('v1/events')
@Requires('read')
export class EventsController {
  constructor(
    private readonly events: EventsReadModel,
    private readonly environment: Environment,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Raw events, newest first.',
    description: 'By default all events within retention, including those that are up to 24 hours ahead.',
  })
  @ApiQuery({ type: EventsQuery })
  @Answers(200, pageSchema(eventSchema), 'A page of events.')
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(EventsQuery, raw);
    const end = Date.now() + 2 * DAY_MS;
    const range = timeRange(query, {
      to: end,
      from: (to) => to - (this.environment.EVENT_RETENTION_DAYS + 3) * DAY_MS,
    });
    const filter = {
      ...range,
      ...(query.type === undefined ? {} : { type: query.type }),
      ...(query.user_id === undefined ? {} : { userId: pseudonymize(request.principal, query.user_id) }),
      ...(query.session_id === undefined ? {} : { sessionId: query.session_id }),
    };
    const scope = cursorScope(request.principal.organizationId, query);
    const after = decodeCursor(scope, query.cursor, isPosition);
    const rows = await this.events.list(readerOf(request), filter, query.limit + 1, after);
    return pageOf(scope, rows, query.limit, ({ ts, id }) => [ts.getTime(), id]);
  }
}

const isPosition = (value: readonly unknown[]): value is EventPosition & unknown[] =>
  typeof value[0] === 'number' && typeof value[1] === 'string';
