import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { pseudonymize } from '#identity';
import { Requires } from '../../../http/access.js';
import { type AuthenticatedRequest } from '../../../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../../../http/input/cursor.js';
import { IsDate, startOfDate } from '../../../http/input/is-date.js';
import { isId } from '../../../http/input/is-id.js';
import { PageQuery, pageOf } from '../../../http/input/page.js';
import { readQuery } from '../../../http/input/read-query.js';
import { Answers } from '../../../http/openapi/answers.js';
import { Problem } from '../../../http/problem.js';
import { SharedAnswer } from '../../sharing/shared-answer.interceptor.js';
import { readerOf } from '../../tenant-reads/reader.js';
import { findSession } from '../sessions/find-session.js';
import { SessionsReadModel } from '../sessions/sessions.read-model.js';
import { UserSummaryReadModel } from '../user-summary/user-summary.read-model.js';
import { voiceSessionSchema, voiceUserSchema, weeklyReportSchema } from './voice-reports.schema.js';
import { WeeklyReportReadModel } from './weekly-report.read-model.js';

const DAY_MS = 86_400_000;

class WeekQuery {
  @ApiPropertyOptional({
    format: 'date',
    description: 'First day of the week, in UTC. By default the week ends with today.',
  })
  @IsOptional()
  @IsDate()
  week_start?: string;
}

/** Parameters of `GET /api/user-metrics/reports/weekly`. */
export class WeeklyReportQuery extends IntersectionType(WeekQuery, PageQuery) {}

@ApiTags('voice sessions')
@Controller('api/user-metrics')
@Requires('read')
export class VoiceReportsController {
  constructor(
    private readonly users: UserSummaryReadModel,
    private readonly sessions: SessionsReadModel,
    private readonly weeks: WeeklyReportReadModel,
  ) {}

  @SharedAnswer()
  @Get('users/:id')
  @ApiOperation({ summary: 'How long a user has talked, in how many sessions.' })
  @Answers(200, voiceUserSchema, 'The totals.')
  async user(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const userId = isId(id) ? pseudonymize(request.principal, id) : null;
    const totals = userId === null ? null : await this.users.sessions(readerOf(request), userId);
    if (!totals) throw new Problem(404, 'not_found', 'No such user');
    return { user_id: userId, total_talked_time: totals.talked_seconds, session_count: totals.sessions };
  }

  @SharedAnswer()
  @Get('sessions/:id')
  @ApiOperation({ summary: 'One session: who, when, how long, on what device.' })
  @Answers(200, voiceSessionSchema, 'The session.')
  async session(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const session = await findSession(this.sessions, readerOf(request), id);
    return { ...session, talked_time: session.talked_seconds };
  }

  @SharedAnswer()
  @Get('reports/weekly')
  @ApiOperation({
    summary: 'Sessions and talked time of each user in a week.',
    description: 'A session counts in the week in which it started. Users are ordered by id.',
  })
  @ApiQuery({ type: WeeklyReportQuery })
  @Answers(200, weeklyReportSchema, 'A page of users.')
  async weekly(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(WeeklyReportQuery, raw);
    query.week_start ??= new Date(Date.now() - 6 * DAY_MS).toISOString().slice(0, 10);
    const scope = cursorScope(request.principal.organizationId, query);
    const [after] = decodeCursor(scope, query.cursor, isPosition) ?? [null];
    const start = startOfDate(query.week_start)!;
    const week = { from: start, to: start + 7 * DAY_MS };
    const rows = await this.weeks.users(readerOf(request), week, query.limit + 1, after);
    return { week_start: query.week_start, ...pageOf(scope, rows, query.limit, ({ user_id }) => [user_id]) };
  }
}

const isPosition = (value: readonly unknown[]): value is [string] =>
  value.length === 1 && typeof value[0] === 'string';
