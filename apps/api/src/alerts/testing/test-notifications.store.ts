import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { AlertMessage, NotificationReport } from '#alerts';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';

/** What a channel said to a test. */
export interface TestResult {
  readonly channel: string;
  readonly status: NotificationReport['status'];
  /** Null: no worker has sent it yet. */
  readonly said: string | null;
}

/** Tests that wait may be no more than this. */
const MAX_WAITING = 20;

/** SQL of tests in the outbox. */
@Injectable()
export class TestNotificationsStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Puts a test into the outbox, once for each channel, with an entry in the audit log.
   * @param channels names; null: all
   * @returns ids of the notifications; null when so many tests wait already
   */
  async add(
    actor: Actor,
    message: AlertMessage,
    organizationId: string,
    channels: readonly string[] | null,
  ): Promise<string[] | null> {
    return inTenant(this.pool, organizationId, async (client) => {
      const waiting = await client.query(
        `SELECT FROM alert_notifications WHERE organization_id = $1 AND alert_id IS NULL AND status = 'waiting'`,
        [organizationId],
      );
      if ((waiting.rowCount ?? 0) > MAX_WAITING) return null;
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO alert_notifications (organization_id, channel, message, created_at, due_at)
         SELECT c.organization_id, c.name, $2, now(), now() FROM notification_channels c
         WHERE c.organization_id = $1 AND ($3::text[] IS NULL OR c.name = ANY($3)) RETURNING id`,
        [organizationId, JSON.stringify(message), channels],
      );
      await recordAct(client, actor, organizationId, 'alert.test', { rule: message.rule, channels });
      return rows.map(({ id }) => id);
    });
  }

  async results(organizationId: string, ids: readonly string[]): Promise<TestResult[]> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows } = await client.query<TestResult>(
        `SELECT channel, status, log->-1->>'said' AS said FROM alert_notifications
         WHERE organization_id = $1 AND id = ANY($2) ORDER BY channel`,
        [organizationId, ids],
      );
      return rows;
    });
  }
}
