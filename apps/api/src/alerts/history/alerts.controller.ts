import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { AlertHistory } from './alert-history.js';
import { ListsAlerts, SilencesAlert } from './alert-routes.js';

@ApiTags('alerts')
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertHistory) {}

  @Get()
  @Requires('read')
  @ListsAlerts({
    summary: 'Alerts of the organization, the newest first, with what was sent about them.',
    description: 'An alert is pending, then fires, and is resolved. It is kept for `METRICS_RETENTION_DAYS`.',
  })
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    return this.alerts.list(request, raw);
  }

  @Post(':id/silence')
  @Requires('notify')
  @SilencesAlert()
  async silence(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    return this.alerts.silence(request, id);
  }
}
