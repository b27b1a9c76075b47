import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AGGREGATION_WINDOWS, type WindowName } from '#config';
import { pseudonymize } from '#identity';
import { shiftWindow, windowStart } from '#rollups';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { EntityTag } from '../../http/entity-tag.interceptor.js';
import { cursorScope, decodeCursor, encodeCursor } from '../../http/input/cursor.js';
import { invalidQuery, readQuery } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { SharedAnswer } from '../sharing/shared-answer.interceptor.js';
import { readerOf } from '../tenant-reads/reader.js';
import { ActivityService } from './activity.service.js';
import { aggregatedRange } from './aggregated-range.js';
import { AggregatedQuery, DashboardQuery, RealTimeQuery, TIME_RANGES } from './development.query.js';
import { aggregatedSchema, dashboardSchema, realTimeSchema } from './development.schema.js';
import { renderDashboard } from './render-dashboard.js';

@ApiTags('development metrics')
@Controller('api/metrics')
@Requires('read')
export class DevelopmentController {
  constructor(private readonly activity: ActivityService) {}

  @SharedAnswer()
  @Get('dashboard')
  @ApiOperation({
    summary: 'Commands and agents at a glance: totals, latency, the most used, and a time series.',
    description:
      'The range ends with the current bucket. Latency and error rate are of commands and agents together; errors have ' +
      'the status `error` or `timeout`. Active users have any event in the range.',
  })
  @ApiQuery({ type: DashboardQuery })
  @EntityTag()
  @Answers(200, dashboardSchema, 'The dashboard.')
  async dashboard(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { time_range, team_id } = readQuery(DashboardQuery, raw);
    const { lengthMs, window } = TIME_RANGES[time_range];
    const to = shiftWindow(windowStart(Date.now(), window, 'UTC'), 1, window, 'UTC');
    const scope = this.activity.scope({ from: to - lengthMs, to }, window);
    return renderDashboard(time_range, await this.activity.overview(readerOf(request), scope, team_id));
  }

  @SharedAnswer()
  @Get('real-time/:window')
  @ApiOperation({ summary: 'Commands and agents in the current bucket.' })
  @ApiParam({ name: 'window', schema: { type: 'string', enum: [...AGGREGATION_WINDOWS] } })
  @ApiQuery({ type: RealTimeQuery })
  @Answers(200, realTimeSchema, 'The current bucket.')
  async realTime(
    @Req() request: AuthenticatedRequest,
    @Param('window') window: string,
    @Query() raw: Record<string, unknown>,
  ) {
    const { user_id } = readQuery(RealTimeQuery, raw);
    if (!isWindow(window)) {
      const message = `window must be one of ${AGGREGATION_WINDOWS.join(', ')}`;
      throw invalidQuery([{ path: 'window', message }]);
    }
    const now = Date.now();
    const scope = this.activity.scope({ from: now, to: now + 1 }, window);
    const userId = user_id && pseudonymize(request.principal, user_id);
    const { points } = await this.activity.figures(readerOf(request), scope, userId);
    return { window, ...points[0]! };
  }

  @SharedAnswer()
  @Get('aggregated')
  @ApiOperation({
    summary: 'Commands and agents by window, oldest first.',
    description:
      'By default the last day. A page has at most `limit` buckets; buckets without events are included.',
  })
  @ApiQuery({ type: AggregatedQuery })
  @Answers(200, aggregatedSchema, 'A page of buckets.')
  async aggregated(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(AggregatedQuery, raw);
    const scope = cursorScope(request.principal.organizationId, query);
    const cursor = decodeCursor(scope, query.cursor, isRange);
    const { page, next } = aggregatedRange(query, cursor, Date.now());
    const userId = query.user_id && pseudonymize(request.principal, query.user_id);
    const buckets = this.activity.scope(page, query.aggregation_window);
    const { points } = await this.activity.figures(readerOf(request), buckets, userId);
    return {
      aggregation_window: query.aggregation_window,
      data: points,
      next_cursor: next && encodeCursor(scope, [next.from, next.to]),
    };
  }
}

const isWindow = (window: string): window is WindowName =>
  (AGGREGATION_WINDOWS as readonly string[]).includes(window);

const isRange = (value: readonly unknown[]): value is [number, number] =>
  Number.isInteger(value[0]) && Number.isInteger(value[1]);
