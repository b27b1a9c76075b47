import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { AlertHistory } from './alert-history.js';
import { ListsAlerts, SilencesAlert } from './alert-routes.js';

@ApiTags('operations')
@Controller('v1/admin/alerts')
export class OperatorAlertsController {
  constructor(private readonly alerts: AlertHistory) {}

  @Get()
  @Requires('operate')
  @ListsAlerts({
    summary: 'Alerts about the installation, the newest first, with what was sent about them.',
    description: 'Built-in rules look at the last health check every minute.',
  })
  async list(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    return this.alerts.list(request, raw);
  }

  @Post(':id/silence')
  @Requires('operate')
  @SilencesAlert()
  async silence(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    return this.alerts.silence(request, id);
  }
}
