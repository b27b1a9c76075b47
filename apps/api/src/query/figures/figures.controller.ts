import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { refuseParameters } from '../../http/input/read-query.js';
import { Answers } from '../../http/openapi/answers.js';
import { Refuses } from '../../http/openapi/refusals.js';
import { readerOf } from '../tenant-reads/reader.js';
import { performanceSchema, statsSchema } from './figures.schema.js';
import { PerformanceReadModel } from './performance.read-model.js';
import { renderPerformance } from './render-performance.js';
import { renderStats } from './render-stats.js';
import { StatsReadModel } from './stats.read-model.js';

const DAY_SECONDS = 86_400;

@ApiTags('development metrics')
@Controller('api/metrics')
@Requires('read')
export class FiguresController {
  constructor(
    private readonly statistics: StatsReadModel,
    private readonly figures: PerformanceReadModel,
  ) {}

  @Get('stats')
  @ApiOperation({
    summary: 'Totals of the organization: events, users, sessions.',
    description:
      'Exact, and all as of one moment. Events count from their commit on, of every day that was ever counted; those of ' +
      'erased persons stay in the numbers of events, but not of users and sessions. Today is the day in UTC.',
  })
  @Refuses(400, 'The request has parameters; there are none.')
  @Answers(200, statsSchema, 'The totals.')
  async stats(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    refuseParameters(raw);
    const today = Math.floor(Date.now() / 1000 / DAY_SECONDS) * DAY_SECONDS;
    return renderStats(await this.statistics.totals(readerOf(request), today));
  }

  @Get('performance')
  @ApiOperation({
    summary: 'How fast events come in, are stored and are queried, in the last minute.',
    description:
      'Measured. `ingestion_rate` is of the organization; all other figures are of the installation, over all API ' +
      'replicas and workers. Each of them reports every five seconds, so a figure is up to five seconds old, and its ' +
      'minute is 60 to 65 seconds long. A process that was killed is left out after 15 seconds. Averages are null when ' +
      'there was nothing to average.',
  })
  @Refuses(400, 'The request has parameters; there are none.')
  @Answers(200, performanceSchema, 'The figures.')
  async performance(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    refuseParameters(raw);
    const { received, replicas } = await this.figures.lastMinute(readerOf(request));
    return renderPerformance(received, replicas);
  }
}
