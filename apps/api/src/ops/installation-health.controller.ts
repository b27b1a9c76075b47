import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Pool } from 'pg';
import { healthReport, latestRuns } from '#health';
import { Requires } from '../http/access.js';
import { NumberFromText } from '../http/input/from-text.js';
import { readQuery } from '../http/input/read-query.js';
import { Answers } from '../http/openapi/answers.js';
import { healthReportSchema } from './installation-health.schema.js';

const USUAL_LIMIT = 20;
const MAX_LIMIT = 1000;

/** Parameters of `GET /v1/admin/health`. */
class HealthQuery {
  @ApiPropertyOptional({
    ...{ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: USUAL_LIMIT },
    description: 'Runs in the history.',
  })
  @NumberFromText()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit = USUAL_LIMIT;
}

@ApiTags('operations')
@Controller('v1/admin/health')
@Requires('operate')
export class InstallationHealthController {
  constructor(private readonly pool: Pool) {}

  @Get()
  @ApiOperation({
    summary: 'The health of the installation, for the operator.',
    description:
      'A worker checks it every `HEALTH_CHECK_INTERVAL` seconds: database, queues, workers, jobs, and an event that goes ' +
      'through the whole pipeline. This is the newest run, and a history of 30 days. Without a run in the last three ' +
      'intervals the status is `fail`.',
  })
  @ApiQuery({ type: HealthQuery })
  @Answers(200, healthReportSchema, 'What the last run found; also when something fails.')
  async get(@Query() raw: Record<string, unknown>) {
    const { limit } = readQuery(HealthQuery, raw);
    return healthReport(await latestRuns(this.pool, limit));
  }
}
