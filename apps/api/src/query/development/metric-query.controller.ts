import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { pseudonymize } from '#identity';
import { shiftWindow, TooManyBuckets, windowStart } from '#rollups';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { invalidBody, readBody } from '../../http/input/read-body.js';
import { Answers } from '../../http/openapi/answers.js';
import { readerOf } from '../tenant-reads/reader.js';
import { ActivityService, MAX_BUCKETS } from './activity.service.js';
import { dateRange } from './date-range.js';
import { MetricQueryBody } from './metric-query.body.js';
import { metricAnswerSchema } from './metric-query.schema.js';
import { type MetricType, metricTypes } from './metric-types.js';

const DAY_MS = 86_400_000;
const EXAMPLE = { metric_types: ['productivity_score', 'error_rate'], aggregation_window: '1h' };

@ApiTags('development metrics')
@Controller('api/metrics/query')
@Requires('read')
export class MetricQueryController {
  constructor(
    private readonly activity: ActivityService,
    private readonly types: EventTypeRegistry,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Metrics by window, several at once.',
    description: `By default the last day. At most ${MAX_BUCKETS} buckets; those without events are left out.`,
  })
  @ApiBody({ type: MetricQueryBody, examples: { day: { value: EXAMPLE } } })
  @Answers(200, metricAnswerSchema, 'A series for each metric.')
  async post(@Req() request: AuthenticatedRequest) {
    const body = readBody(MetricQueryBody, request.body);
    const metrics = await this.metricsOf(request, body.metric_types);
    const { aggregation_window: window } = body;
    const end = shiftWindow(windowStart(Date.now(), window, 'UTC'), 1, window, 'UTC');
    const scope = this.scope(body, end);
    const userId = body.user_id && pseudonymize(request.principal, body.user_id);
    const series = await this.activity.ask(
      readerOf(request),
      scope,
      userId,
      metrics.map(([, { question }]) => question),
    );
    return {
      aggregation_window: window,
      start_date: new Date(scope.bounds[0]!).toISOString(),
      end_date: new Date(scope.bounds.at(-1)!).toISOString(),
      data: metrics.map(([metric_type, metric], i) => ({
        metric_type,
        points: metric.points(series[i]!, scope.bounds),
      })),
    };
  }

  private scope(body: MetricQueryBody, end: number) {
    try {
      return this.activity.scope(dateRange(body, { to: end, lengthMs: DAY_MS }), body.aggregation_window);
    } catch (error) {
      if (!(error instanceof TooManyBuckets)) throw error;
      const message = `at most ${MAX_BUCKETS} buckets: ask for a shorter range or take a longer window`;
      throw invalidBody([{ path: 'start_date', message }]);
    }
  }

  private async metricsOf(
    { principal }: AuthenticatedRequest,
    names: readonly string[],
  ): Promise<(readonly [string, MetricType])[]> {
    const types = await this.types.of(principal);
    const known = metricTypes([...types.values()].map(({ type }) => type));
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length > 0) {
      const message = `unknown: ${unknown.join(', ')}; must be of ${[...known.keys()].sort().join(', ')}`;
      throw invalidBody([{ path: 'metric_types', message }]);
    }
    return names.map((name) => [name, known.get(name)!]);
  }
}
