import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { ReportStore } from '#reports';
import type { Addressee, MailSubject } from './mail-subject.js';

/** A mail that one worker may send, until its claim ends. */
export interface ClaimedMail extends Addressee {
  readonly id: string;
  readonly reportId: string;
  /** This one included. */
  readonly attempts: number;
  readonly plannedAt: Date;
  /** Of the attempt before. */
  readonly error: string | null;
}

/** What becomes of a claimed mail: tried again at an instant, in milliseconds since the epoch, or nothing more. */
export type NotedState =
  | { readonly state: 'waiting'; readonly nextAttempt: number; readonly error: string }
  | { readonly state: 'sent'; readonly error: null }
  | { readonly state: 'refused' | 'given_up' | 'cancelled'; readonly error: string };

/** SQL of mails that are being sent. */
export class ClaimedMailsStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Claims the mail that has waited longest; no other worker gets it before the claim ends.
   * @param now and `until`: milliseconds since the epoch
   * @param domain for its message id, unless it has one
   * @returns null when none is due
   */
  async claim(now: number, until: number, domain: string): Promise<ClaimedMail | null> {
    const { rows } = await this.pool.query<ClaimedMail>(
      `WITH due AS (
         SELECT organization_id, id FROM report_mails WHERE next_attempt_at <= $1
         ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       UPDATE report_mails AS m
       SET state = 'sending', attempts = attempts + 1, next_attempt_at = $2,
           message_id = coalesce(message_id, m.id || '@' || $3::text)
       FROM due WHERE m.organization_id = due.organization_id AND m.id = due.id
       RETURNING m.organization_id AS "organizationId", m.id, report_id AS "reportId", email, message_id AS "messageId",
                 attempts, planned_at AS "plannedAt", error`,
      [new Date(now), new Date(until), domain],
    );
    return rows[0] ?? null;
  }

  /** @returns null when the report is gone, or the address is no longer on the list */
  async subjectOf({ organizationId, reportId, email }: ClaimedMail): Promise<MailSubject | null> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<MailSubject['organization']>(
        `SELECT o.name, o.pseudonym_key AS key
         FROM organizations AS o CROSS JOIN report_recipients AS r
         WHERE o.id = $1 AND r.organization_id = $1 AND lower(r.email) = lower($2) AND r.unsubscribed_at IS NULL`,
        [organizationId, email],
      );
      const [organization] = rows;
      const report = organization && (await new ReportStore(client, organizationId).find(reportId));
      return report ? { report, organization } : null;
    });
  }

  /** Notes what became of a mail. Does nothing when the claim ended and another worker has it. */
  async note({ organizationId, id, attempts }: ClaimedMail, noted: NotedState, now: number): Promise<void> {
    const isWaiting = noted.state === 'waiting';
    await this.pool.query(
      `UPDATE report_mails SET state = $4, error = $5, next_attempt_at = $6, settled_at = $7
       WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND state = 'sending'`,
      [
        ...[organizationId, id, attempts, noted.state, noted.error],
        ...[isWaiting ? new Date(noted.nextAttempt) : null, isWaiting ? null : new Date(now)],
      ],
    );
  }
}
