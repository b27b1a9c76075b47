import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Pool } from 'pg';
import { NO_ORGANIZATION, type Principal, recordAuditAlone } from '#identity';

/** Records actions on Bull Board before they run. */
@Injectable()
export class BoardActs {
  private readonly logger = new Logger('Queues');

  constructor(private readonly pool: Pool) {}

  /** Writes to the audit log of the caller's organization; for the operator, who has none, to the process log. */
  async record({ organizationId, subject: actor }: Principal, request: FastifyRequest): Promise<void> {
    const { queueName, jobId } = request.params as { queueName?: string; jobId?: string };
    const act = request.routeOptions.url?.split('/').find((part) => ACTS.has(part)) ?? request.method;
    const { clientAddress } = request;
    if (organizationId === NO_ORGANIZATION) {
      this.logger.warn(`${actor}, from ${clientAddress}: ${act} of ${jobId ?? 'all'} in ${queueName}`);
      return;
    }
    const details = { queue: queueName, ...(jobId ? { job: jobId } : {}) };
    await recordAuditAlone(this.pool, {
      organizationId,
      actor,
      action: `queue.${act}`,
      clientAddress,
      details,
    });
  }
}

const ACTS = new Set(['retry', 'promote', 'pause', 'resume']);
