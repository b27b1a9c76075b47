import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import { isTokenOf, type UnsubscribeToken } from '#mail';
import type { ReportKind } from '#reports';

/** Each gets a mail of its own. More people are reached by a mailing list. */
export const MAX_RECIPIENTS = 50;

/** Somebody who gets reports. */
export interface Recipient {
  readonly id: string;
  readonly email: string;
  readonly kinds: readonly ReportKind[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly unsubscribed_at: Date | null;
}

export type Added =
  | { readonly outcome: 'added' | 'changed' | 'unsubscribed'; readonly recipient: Recipient }
  | { readonly outcome: 'too_many' };

const COLUMNS = 'id, email, kinds, created_at, created_by, unsubscribed_at';

/** SQL of who gets an organization's reports. Acts go into the audit log, without addresses: it cannot be erased. */
@Injectable()
export class ReportRecipientsStore {
  constructor(private readonly pool: Pool) {}

  /** All of them, by address. */
  async all(organizationId: string): Promise<Recipient[]> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      client.query<Recipient>(
        `SELECT ${COLUMNS} FROM report_recipients WHERE organization_id = $1 ORDER BY lower(email)`,
        [organizationId],
      ),
    );
    return rows;
  }

  /** Adds an address, or changes what it gets. Somebody who unsubscribed stays so. */
  async add(
    actor: Actor,
    organizationId: string,
    email: string,
    kinds: readonly ReportKind[],
  ): Promise<Added> {
    return inTenant(this.pool, organizationId, async (client) => {
      // The row lock serializes changes to one organization's recipients.
      await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const { rows: known } = await client.query<Recipient>(
        `SELECT ${COLUMNS} FROM report_recipients WHERE organization_id = $1`,
        [organizationId],
      );
      const same = known.find((one) => one.email.toLowerCase() === email.toLowerCase());
      if (same?.unsubscribed_at) return { outcome: 'unsubscribed', recipient: same };
      if (!same && known.length >= MAX_RECIPIENTS) return { outcome: 'too_many' };
      const { rows } = await client.query<Recipient>(
        `INSERT INTO report_recipients (organization_id, email, kinds, created_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id, lower(email)) DO UPDATE SET kinds = EXCLUDED.kinds RETURNING ${COLUMNS}`,
        [organizationId, email, kinds, actor.subject],
      );
      const [recipient] = rows as [Recipient];
      const action = same ? 'report_recipient.change' : 'report_recipient.add';
      await recordAct(client, actor, organizationId, action, { recipient_id: recipient.id, kinds });
      return { outcome: same ? 'changed' : 'added', recipient };
    });
  }

  /** @returns false when there is none */
  async remove(actor: Actor, organizationId: string, id: string): Promise<boolean> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rowCount } = await client.query(
        'DELETE FROM report_recipients WHERE organization_id = $1 AND id = $2',
        [organizationId, id],
      );
      if (rowCount === 0) return false;
      await recordAct(client, actor, organizationId, 'report_recipient.remove', { recipient_id: id });
      return true;
    });
  }

  /**
   * Takes the address of a token off the list. Does nothing when there is none, or when it is off already.
   * @param clientAddress of who presents the token
   */
  async unsubscribe(token: UnsubscribeToken, clientAddress: string): Promise<void> {
    const { organizationId } = token;
    await inTenant(this.pool, organizationId, async (client) => {
      const { rows } = await client.query<{ id: string; email: string; key: Buffer }>(
        `SELECT r.id, r.email, o.pseudonym_key AS key
         FROM organizations AS o CROSS JOIN report_recipients AS r
         WHERE o.id = $1 AND r.organization_id = $1 AND r.unsubscribed_at IS NULL`,
        [organizationId],
      );
      const recipient = rows.find(({ key, email }) => isTokenOf(token, key, email));
      if (!recipient) return;
      const { id } = recipient;
      await client.query(
        'UPDATE report_recipients SET unsubscribed_at = now() WHERE organization_id = $1 AND id = $2',
        [organizationId, id],
      );
      const actor = { subject: `recipient:${id}`, clientAddress };
      await recordAct(client, actor, organizationId, 'report_recipient.unsubscribe', { recipient_id: id });
    });
  }
}
