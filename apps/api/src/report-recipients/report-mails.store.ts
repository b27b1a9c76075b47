import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';

export const MAIL_STATES = ['waiting', 'sending', 'sent', 'refused', 'given_up', 'cancelled'] as const;

/** A mail of a report, and what became of it. */
export interface ReportMail {
  readonly id: string;
  readonly report_id: string;
  readonly email: string;
  readonly is_test: boolean;
  readonly state: (typeof MAIL_STATES)[number];
  readonly attempts: number;
  readonly planned_at: Date;
  readonly next_attempt_at: Date | null;
  readonly settled_at: Date | null;
  readonly error: string | null;
  readonly message_id: string | null;
}

/** Why there is no test mail. */
export type TestRefusal = 'no_recipient' | 'unsubscribed' | 'no_report' | 'too_soon';

const COLUMNS =
  'id, report_id, email, is_test, state, attempts, planned_at, next_attempt_at, settled_at, error, message_id';

/** SQL of an organization's mails. Workers send them. */
@Injectable()
export class ReportMailsStore {
  constructor(private readonly pool: Pool) {}

  /** Mails of a report, the latest first; null when there is no such report. */
  async ofReport(organizationId: string, reportId: string): Promise<ReportMail[] | null> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rowCount } = await client.query('SELECT FROM reports WHERE organization_id = $1 AND id = $2', [
        organizationId,
        reportId,
      ]);
      if (rowCount === 0) return null;
      const { rows } = await client.query<ReportMail>(
        `SELECT ${COLUMNS} FROM report_mails WHERE organization_id = $1 AND report_id = $2
         ORDER BY planned_at DESC, lower(email), id LIMIT 1000`,
        [organizationId, reportId],
      );
      return rows;
    });
  }

  /**
   * Writes down a mail of the newest report of a recipient's kinds.
   * @param rest now, in milliseconds since the epoch, and how long before there must be no other test
   */
  async planTest(
    actor: Actor,
    organizationId: string,
    recipientId: string,
    { now, restMs }: { readonly now: number; readonly restMs: number },
  ): Promise<ReportMail | TestRefusal> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows: recipients } = await client.query<{
        email: string;
        kinds: string[];
        unsubscribed_at: Date | null;
      }>(
        `SELECT email, kinds, unsubscribed_at FROM report_recipients WHERE organization_id = $1 AND id = $2 FOR UPDATE`,
        [organizationId, recipientId],
      );
      const [recipient] = recipients;
      if (!recipient) return 'no_recipient';
      if (recipient.unsubscribed_at) return 'unsubscribed';
      const recent = await client.query(
        `SELECT FROM report_mails
         WHERE organization_id = $1 AND planned_at > $3 AND is_test AND lower(email) = lower($2) LIMIT 1`,
        [organizationId, recipient.email, new Date(now - restMs)],
      );
      if (recent.rowCount) return 'too_soon';
      const { rows } = await client.query<ReportMail>(
        `INSERT INTO report_mails (organization_id, report_id, email, is_test, planned_at, next_attempt_at)
         SELECT $1, id, $2, true, $4, $4 FROM reports
         WHERE organization_id = $1 AND kind = ANY($3) ORDER BY period_start DESC LIMIT 1
         RETURNING ${COLUMNS}`,
        [organizationId, recipient.email, recipient.kinds, new Date(now)],
      );
      const [mail] = rows;
      if (!mail) return 'no_report';
      const details = { recipient_id: recipientId, report_id: mail.report_id };
      await recordAct(client, actor, organizationId, 'report_recipient.test', details);
      return mail;
    });
  }
}
