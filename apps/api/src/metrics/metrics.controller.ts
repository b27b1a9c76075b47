import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Requires } from '../http/access.js';

@ApiTags('operations')
@Controller('metrics')
@Requires('monitor')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiOperation({
    summary: 'Metrics of this process for Prometheus.',
    description:
      'Needs `METRICS_TOKEN` or the operator token as Bearer token. No metric names an organization.',
  })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  exposition(): Promise<string> {
    return this.registry.metrics();
  }
}
