import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { pseudonymize } from '#identity';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../../../http/input/cursor.js';
import { MAX_ID_LENGTH } from '../../../http/input/is-id.js';
import { IsText } from '../../../http/input/is-text.js';
import { PageQuery, pageOf } from '../../../http/input/page.js';
import { parseInstant } from '../../../http/input/parse-instant.js';
import { invalidQuery, readQuery } from '../../../http/input/read-query.js';
import { RangeQuery } from '../../../http/input/time-range.js';
import { Answers } from '../../../http/openapi/answers.js';
import { pageSchema } from '../../../http/openapi/schema.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { findSession } from './find-session.js';
import { renderSession } from './render-session.js';
import { sessionSchema } from './session.schema.js';
import { type SessionPosition, SessionsReadModel } from './sessions.read-model.js';

class SessionFilterQuery {
  @ApiPropertyOptional({ maxLength: MAX_ID_LENGTH })
  @IsOptional()
  @IsText(MAX_ID_LENGTH)
  user_id?: string;
}

/** Parameters of `GET /v1/sessions`. */
export class SessionsQuery extends IntersectionType(SessionFilterQuery, RangeQuery, PageQuery) {}

@ApiTags('query')
@Controller('v1/sessions')
@Requires('read')
export class SessionsController {
  constructor(private readonly sessions: SessionsReadModel) {}

  @SharedAnswer()
  @Get()
  @ApiOperation({
    summary: 'Sessions, those that started last first.',
    description: '`from` and `to` are about the start. By default all sessions.',
  })
  @ApiQuery({ type: SessionsQuery })
  @Answers(200, pageSchema(sessionSchema), 'A page of sessions.')
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(SessionsQuery, raw);
    const from = query.from === undefined ? null : parseInstant(query.from);
    const to = query.to === undefined ? null : parseInstant(query.to);
    if (from !== null && to !== null && from >= to) {
      throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
    }
    const { principal } = request;
    const userId = query.user_id === undefined ? null : pseudonymize(principal, query.user_id);
    const scope = cursorScope(principal.organizationId, query);
    const after = decodeCursor(scope, query.cursor, isPosition);
    const rows = await this.sessions.list(readerOf(request), { from, to, userId }, query.limit + 1, after);
    const { data, next_cursor } = pageOf(scope, rows, query.limit, positionOf);
    return { data: data.map(renderSession), next_cursor };
  }

  @SharedAnswer()
  @Get(':id')
  @ApiOperation({ summary: 'One session: who, when, how long, on what device.' })
  @Answers(200, sessionSchema, 'The session.')
  async get(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    return findSession(this.sessions, readerOf(request), id);
  }
}

const positionOf = ({
  first_seen,
  session_id,
}: {
  first_seen: Date;
  session_id: string;
}): SessionPosition => [first_seen.getTime(), session_id];

const isPosition = (value: readonly unknown[]): value is SessionPosition & unknown[] =>
  value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'string';
