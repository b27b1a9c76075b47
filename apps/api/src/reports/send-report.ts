import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReportFormat, StoredReport } from '#reports';
import { entityTag, isKnown } from '../http/entity-tag.interceptor.js';

/** Of a page that has all its parts in itself: it runs no script, loads nothing, sends nothing, and no page frames it. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Sends the file of a report, or 304 when the client has the same one.
 * @param table which one, for formats that have one table
 */
export async function sendReport(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  format: ReportFormat,
  report: StoredReport,
  table: string,
): Promise<void> {
  const body = await format.render(report, table);
  const tag = entityTag(body);
  // A cache may keep the file, but has to ask each time whether it is still right.
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (isKnown(headers['if-none-match'], tag)) {
    await reply.status(304).send();
    return;
  }
  const name = format.hasOneTable ? `${stemOf(report)}-${table}` : stemOf(report);
  await reply
    .headers({
      'content-type': format.mediaType,
      'content-disposition': `${format.isInline ? 'inline' : 'attachment'}; filename="${name}.${format.name}"`,
      'content-security-policy': PAGE_POLICY,
    })
    .send(body);
}

/** `weekly-report-2026-11-16`: its kind and first day. */
const stemOf = ({ kind, days }: StoredReport) => `${kind}-report-${days[0]!.day}`;
