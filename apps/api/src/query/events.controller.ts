import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Environment } from '#config';
import { knownUserId } from '#identity';
import type { AuthenticatedRequest } from '../auth/access.guard.js';
import { Requires } from '../auth/access.js';
import { decodeCursor } from '../input/cursor.js';
import { IsText } from '../input/is-text.js';
import { PageQuery, pageOf } from '../input/page.js';
import { readQuery } from '../input/read-query.js';
import { RangeQuery, timeRange } from '../input/time-range.js';
import { type EventPosition, EventsReadModel } from './events.read-model.js';

const DAY_MS = 86_400_000;
const LONGEST_NAME = 256;

/** Parameters of `GET /v1/events`. */
export class EventsQuery extends IntersectionType(RangeQuery, PageQuery) {
  @IsOptional()
  @IsText(LONGEST_NAME)
  type?: string;

  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;

  @IsOptional()
  @IsText(LONGEST_NAME)
  session_id?: string;
}

@ApiTags('query')
@Controller('v1/events')
@Requires('read')
export class EventsController {
  constructor(
    private readonly events: EventsReadModel,
    private readonly environment: Environment,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Raw events, newest first.' })
  @ApiQuery({
    name: 'from',
    required: false,
    description: 'RFC 3339, inclusive; default: as far as events are kept',
  })
  @ApiQuery({
    name: 'to',
    required: false,
    description: 'RFC 3339, exclusive; default: everything, clocks that run ahead included',
  })
  @ApiQuery({ name: 'type', required: false })
  @ApiQuery({ name: 'user_id', required: false })
  @ApiQuery({ name: 'session_id', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1 to 1000; default 100' })
  @ApiQuery({ name: 'cursor', required: false })
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(EventsQuery, raw);
    const end = Date.now() + 2 * DAY_MS;
    const range = timeRange(query, {
      to: end,
      lengthMs: (this.environment.EVENT_RETENTION_DAYS + 3) * DAY_MS,
    });
    const filter = {
      ...range,
      ...(query.type === undefined ? {} : { type: query.type }),
      ...(query.user_id === undefined ? {} : { userId: knownUserId(request.principal, query.user_id) }),
      ...(query.session_id === undefined ? {} : { sessionId: query.session_id }),
    };
    const rows = await this.events.list(
      request.principal.organizationId,
      filter,
      query.limit + 1,
      decodeCursor(query.cursor, isPosition),
    );
    return pageOf(rows, query.limit, ({ ts, id }) => [ts.getTime(), id]);
  }
}

const isPosition = (value: readonly unknown[]): value is EventPosition & unknown[] =>
  typeof value[0] === 'number' && typeof value[1] === 'string';
