import { InjectQueue } from '@nestjs/bullmq';
import { Controller, Get, Logger } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { QUEUES } from '#queue';
import { Public } from '../auth/access.js';
import { Problem } from '../problem/problem.js';

const OK = { status: 'ok' };

@ApiTags('operations')
@Controller('health')
@Public()
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(
    private readonly pool: Pool,
    @InjectQueue(QUEUES.ingest.name) private readonly queue: Queue,
  ) {}

  /** The process answers. */
  @Get('live')
  live() {
    return OK;
  }

  /** What the process depends on is reachable. */
  @Get('ready')
  async ready() {
    const checks = await Promise.allSettled([this.pool.query('SELECT 1'), this.queue.getWaitingCount()]);
    for (const check of checks) {
      if (check.status === 'rejected') {
        this.logger.warn(`not ready: ${(check.reason as Error).message}`);
        throw new Problem(503, 'not_ready', 'A dependency does not answer', undefined, {
          'retry-after': '2',
        });
      }
    }
    return OK;
  }

  /** Public summary without details. */
  @Get()
  async summary() {
    return this.ready();
  }
}
