import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Pool } from 'pg';
import { Environment } from '#config';
import { ensureEventPartitions } from '#database';

const HOUR_MS = 3_600_000;

/**
 * Keeps a day partition ready for every event that may come. Before the first job is taken, and every hour:
 * a replica that sleeps through midnight costs nothing, as partitions stand two days ahead.
 */
@Injectable()
export class PartitionsJob implements OnModuleInit {
  private readonly logger = new Logger(PartitionsJob.name);

  constructor(
    private readonly pool: Pool,
    private readonly environment: Environment,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.run();
  }

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    try {
      const created = await ensureEventPartitions(
        this.pool,
        this.environment.EVENT_RETENTION_DAYS,
        Date.now(),
      );
      if (created > 0) this.logger.log(`created ${created} day partitions`);
    } catch (error) {
      // The transaction that misses one makes it; the next hour tries again.
      this.logger.warn(`partitions: ${(error as Error).message}`);
    }
  }
}
