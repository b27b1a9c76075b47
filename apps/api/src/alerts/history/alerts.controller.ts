import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { Answers } from '../../http/openapi/answers.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { alertSchema } from './alert.schema.js';
import { AlertHistory, AlertsQuery } from './alert-history.js';
import { SilenceBody } from './silence.body.js';

@ApiTags('alerts')
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertHistory) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    summary: 'Alerts of the organization, the newest first, with what was sent about them.',
    description: 'An alert is pending, then fires, and is resolved. It is kept for `METRICS_RETENTION_DAYS`.',
  })
  @ApiQuery({ type: AlertsQuery })
  @Answers(200, pageSchema(alertSchema), 'A page of alerts.')
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    return this.alerts.list(request, raw);
  }

  @Post(':id/silence')
  @Requires('notify')
  @ApiOperation({
    summary: 'Silences an alert for a while.',
    description:
      'Nobody is told that it still fires, or that its rule fires again. Its end is told when its beginning was.',
  })
  @ApiBody({ type: SilenceBody, examples: { evening: { value: { until: '2026-01-31T18:00:00.000Z' } } } })
  @Answers(200, alertSchema, 'The alert.')
  async silence(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    return this.alerts.silence(request, id);
  }
}
