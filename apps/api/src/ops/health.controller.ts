import { InjectQueue } from '@nestjs/bullmq';
import { Controller, Get, Logger } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { QUEUES } from '#queue';
import { Public } from '../http/access.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { oneOf, record } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { QueueWatch } from '../ingest/enqueue/queue-watch.js';

const OK = { status: 'ok' };
const okSchema = record<typeof OK>('Health', { status: oneOf(['ok']) });
/** Longer than jobs wait while a crashed worker restarts: its locks last 15 s. */
const STUCK_AFTER_MS = 30_000;

@ApiTags('operations')
@Controller()
@Public()
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(
    private readonly pool: Pool,
    @InjectQueue(QUEUES.ingest.name) private readonly queue: Queue,
    private readonly watch: QueueWatch,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process is up.' })
  @Answers(200, okSchema, 'It is.')
  live() {
    return OK;
  }

  @Get('health/ready')
  @ApiOperation({
    summary: 'Whether dependencies are reachable and accepted events are being stored.',
  })
  @Answers(200, okSchema, 'Ready.')
  @Refuses(503)
  async ready() {
    const checks = await Promise.allSettled([this.pool.query('SELECT 1'), this.queue.getWaitingCount()]);
    for (const check of checks) {
      if (check.status === 'rejected') {
        this.refuse('A dependency is not responding', (check.reason as Error).message);
      }
    }
    const stuckMs = this.watch.stuckFor();
    if (stuckMs > STUCK_AFTER_MS) {
      this.refuse('Accepted events are not being stored', `no job was read for ${Math.round(stuckMs)} ms`);
    }
    return OK;
  }

  /** Also where clients of the dialects look. */
  @Get(['health', 'api/metrics/health', 'api/analytics/healthz'])
  @ApiOperation({ summary: 'Public summary, without details.' })
  @Answers(200, okSchema, 'Healthy.')
  @Refuses(503)
  async summary() {
    return this.ready();
  }

  private refuse(detail: string, why: string): never {
    this.logger.warn(`not ready: ${why}`);
    throw new Problem(503, 'not_ready', detail, undefined, { 'retry-after': '2' });
  }
}
