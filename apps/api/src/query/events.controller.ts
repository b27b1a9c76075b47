import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Environment } from '#config';
import { knownUserId } from '#identity';
import type { AuthenticatedRequest } from '../auth/access.guard.js';
import { Requires } from '../auth/access.js';
import { readQuery } from '../input/read-query.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type EventPosition, EventsReadModel } from './events.read-model.js';
import { IsInstant, timeRange } from './time-range.js';

const DAY_MS = 86_400_000;
const LONGEST_NAME = 256;

/** Parameters of `GET /v1/events`. */
export class EventsQuery {
  @IsOptional()
  @IsInstant()
  from?: string;

  @IsOptional()
  @IsInstant()
  to?: string;

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NAME)
  type?: string;

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NAME)
  user_id?: string;

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NAME)
  session_id?: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;

  @IsOptional()
  @IsString()
  cursor?: string;
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
    // One more than asked for tells whether there is a next page.
    const rows = await this.events.list(
      request.principal.organizationId,
      filter,
      query.limit + 1,
      decodeCursor(query.cursor, isPosition),
    );
    const data = rows.slice(0, query.limit);
    const last = rows.length > data.length ? data.at(-1) : undefined;
    return { data, next_cursor: last ? encodeCursor([last.ts.getTime(), last.id]) : null };
  }
}

const isPosition = (value: readonly unknown[]): value is EventPosition & unknown[] =>
  typeof value[0] === 'number' && typeof value[1] === 'string';
