import type { ClientBase } from 'pg';
import type { ReportKind } from '#reports';

/** A report whose mails are to be written down. */
export interface PlannedReport {
  readonly organizationId: string;
  readonly id: string;
  readonly kind: ReportKind;
}

/**
 * Writes down a mail to each recipient of a report, unless that was done before. Recipients who come later get the next report.
 * @param client in a transaction
 * @param now milliseconds since the epoch
 * @param isMailing false: nobody gets the report by mail, now or later
 * @returns how many mails there are to send
 */
export async function planMails(
  client: ClientBase,
  { organizationId, id, kind }: PlannedReport,
  now: number,
  isMailing: boolean,
): Promise<number> {
  const { rowCount } = await client.query(
    `WITH report AS (
       UPDATE reports SET mails_planned_at = $4
       WHERE organization_id = $1 AND id = $2 AND mails_planned_at IS NULL RETURNING id
     )
     INSERT INTO report_mails (organization_id, report_id, email, planned_at, next_attempt_at)
     SELECT $1, report.id, r.email, $4, $4 FROM report CROSS JOIN report_recipients AS r
     WHERE r.organization_id = $1 AND $3 = ANY(r.kinds) AND r.unsubscribed_at IS NULL AND $5
     ON CONFLICT DO NOTHING`,
    [organizationId, id, kind, new Date(now), isMailing],
  );
  return rowCount ?? 0;
}
