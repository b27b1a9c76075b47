import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { durabilityFaults } from '#queue';

/** Logs a warning when the queue's Redis is configured so that it could lose accepted events. */
export async function warnIfNotDurable(queue: Queue): Promise<void> {
  const logger = new Logger('IngestQueue');
  try {
    const faults = await durabilityFaults(queue);
    if (faults?.length) logger.warn(`Redis may lose accepted events: ${faults.join('; ')}`);
  } catch (error) {
    logger.warn(`cannot tell whether Redis is durable: ${(error as Error).message}`);
  }
}
