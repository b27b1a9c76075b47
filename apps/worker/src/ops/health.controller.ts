import { InjectQueue } from '@nestjs/bullmq';
import { Controller, Get, Header, HttpException, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { QUEUES } from '#queue';
import { DeadLetterCapacity } from '../ingest/dead-letter-capacity.js';
import { WorkerMetrics } from '../metrics/worker-metrics.js';

const OK = { status: 'ok' };
/** If jobs wait this long and none finishes, the worker is stuck. */
const STUCK_AFTER_MS = 30_000;

/** A worker's health and metrics, on a separate port. */
@Controller()
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(
    private readonly pool: Pool,
    @InjectQueue(QUEUES.ingest.name) private readonly queue: Queue,
    private readonly room: DeadLetterCapacity,
    private readonly metrics: WorkerMetrics,
  ) {}

  @Get('health/live')
  live() {
    return OK;
  }

  @Get(['health', 'health/ready'])
  async ready() {
    const fault = await this.fault();
    if (!fault) return OK;
    this.logger.warn(`not ready: ${fault}`);
    throw new HttpException({ status: 'unavailable' }, 503);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  exposition(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  private async fault(): Promise<string | null> {
    try {
      await this.pool.query('SELECT 1');
      const waiting = await this.queue.getWaitingCount();
      if (this.room.isFull()) return 'the dead-letter queue is full';
      const idle = Date.now() - this.metrics.lastJobAt;
      return waiting > 0 && idle > STUCK_AFTER_MS
        ? `${waiting} jobs wait and none was finished for ${idle} ms`
        : null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
