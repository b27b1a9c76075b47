import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Environment } from '#config';
import { columnsNamed, type ExportFilter, type ExportFormat } from '#exports';
import { pseudonymize } from '#identity';
import type { AuthenticatedRequest } from '../http/authenticated-request.js';
import { type TimeRange, timeRange } from '../http/input/time-range.js';
import { readerOf } from '../query/tenant-reads/reader.js';
import { EventExports } from './event-exports.js';
import { ExportLimit } from './export-limit.js';
import type { ExportQuery } from './exports.query.js';
import { sendExport } from './send-export.js';

const DAY_MS = 86_400_000;

/** The parameters of an export; those that its format does not have are absent. */
export type ExportParameters = Partial<ExportQuery>;

/** Sends exports. */
@Injectable()
export class ExportsService {
  private readonly limit = new ExportLimit();

  constructor(
    private readonly exports: EventExports,
    private readonly environment: Environment,
  ) {}

  /**
   * Answers a request with an export.
   * @param range absent: as the parameters say
   * @throws Problem 400 when the parameters are faulty; 429 when too many exports are running
   */
  async send(
    request: AuthenticatedRequest,
    reply: FastifyReply,
    format: ExportFormat,
    query: ExportParameters,
    range: TimeRange = this.rangeOf(query),
  ): Promise<void> {
    const { bom = false, end_line = false } = query;
    const columns = columnsNamed(query.columns?.split(','));
    const filter = filterOf(request, query, range);
    const fileName = `events-${dayOf(filter.from)}-${dayOf(filter.to - 1)}.${format.name}`;
    if (request.method === 'HEAD') {
      await reply.type(format.mediaType).send('');
      return;
    }
    const reader = readerOf(request);
    const file = { columns, options: { bom, end_line } };
    await this.limit.run(reader.organizationId, () => {
      const pieces = this.exports.pieces(reader, filter, format, file);
      return sendExport(request, reply, { format, fileName, pieces });
    });
  }

  /** By default all events within retention, including those that are up to 24 hours ahead. */
  rangeOf(query: Pick<ExportParameters, 'from' | 'to'>): TimeRange {
    const { EVENT_RETENTION_DAYS } = this.environment;
    const from = (to: number) => to - (EVENT_RETENTION_DAYS + 3) * DAY_MS;
    return timeRange(query, { to: Date.now() + 2 * DAY_MS, from });
  }
}

const dayOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

/** The filter of an export, with the caller's user ids as they are stored. */
export const filterOf = (
  { principal }: AuthenticatedRequest,
  { type, user_id, session_id }: ExportParameters,
  { from, to }: TimeRange,
): ExportFilter => ({
  from,
  to,
  ...(type === undefined ? {} : { type }),
  ...(user_id === undefined ? {} : { userId: pseudonymize(principal, user_id) }),
  ...(session_id === undefined ? {} : { sessionId: session_id }),
});
