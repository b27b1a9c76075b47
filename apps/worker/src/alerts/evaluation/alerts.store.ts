import type { ClientBase } from 'pg';
import type { AlertMessage, OpenAlert } from '#alerts';
import type { Finding } from './finding.js';

/** An alert that is not over, as it is stored. */
export interface StoredAlert {
  readonly organization_id: string;
  readonly id: string;
  readonly rule: string;
  readonly name: string;
  readonly summary: string;
  readonly value: number | null;
  readonly channels: readonly string[] | null;
  readonly state: OpenAlert['state'];
  readonly started_at: Date;
  readonly fired_at: Date | null;
  readonly told_at: Date | null;
  /** Whether its rule still is there, switched on. False for built-in rules. */
  readonly has_rule: boolean;
}

/** A rule that is silenced. */
export interface Silence {
  readonly organization_id: string;
  readonly rule: string;
  readonly until: Date;
}

const dateOf = (instant: number | null) => (instant === null ? null : new Date(instant));

/** SQL of alerts, in the transaction of an evaluation. */
export class AlertsStore {
  constructor(private readonly client: ClientBase) {}

  /** Lets one evaluation after the other change alerts, until the transaction ends. */
  async lock(): Promise<void> {
    await this.client.query('LOCK TABLE alerts IN SHARE ROW EXCLUSIVE MODE');
  }

  /** The alerts of all organizations that are not over. */
  async open(): Promise<StoredAlert[]> {
    const { rows } = await this.client.query<StoredAlert>(
      `SELECT organization_id, id, rule, name, summary, value, channels, state, started_at, fired_at, told_at, EXISTS (
         SELECT FROM alert_rules r
         WHERE r.organization_id = a.organization_id AND r.id::text = a.rule AND r.enabled) AS has_rule
       FROM alerts a WHERE state <> 'resolved'`,
    );
    return rows;
  }

  /** The rules of all organizations that are silenced. A silence outlasts its alert. */
  async silences(now: Date): Promise<Silence[]> {
    const { rows } = await this.client.query<Silence>(
      `SELECT organization_id, rule, max(silenced_until) AS until FROM alerts WHERE silenced_until > $1
       GROUP BY organization_id, rule`,
      [now],
    );
    return rows;
  }

  /** @returns the new alert's id */
  async begin(
    { organizationId, rule, name, summary, value, channels }: Finding,
    alert: OpenAlert,
  ): Promise<string> {
    const { rows } = await this.client.query<{ id: string }>(
      `INSERT INTO alerts
         (organization_id, rule, name, summary, value, channels, state, started_at, fired_at, told_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
      [
        ...[organizationId, rule, name, summary, value, channels, alert.state, new Date(alert.startedAt)],
        ...[dateOf(alert.firedAt), dateOf(alert.toldAt)],
      ],
    );
    return rows[0]!.id;
  }

  async goOn(id: string, finding: Finding, { state, firedAt, toldAt }: OpenAlert): Promise<void> {
    const { organizationId, name, summary, value, channels } = finding;
    await this.client.query(
      `UPDATE alerts SET name = $3, summary = $4, value = $5, channels = $6, state = $7, fired_at = $8, told_at = $9
       WHERE organization_id = $1 AND id = $2`,
      [organizationId, id, name, summary, value, channels, state, dateOf(firedAt), dateOf(toldAt)],
    );
  }

  async resolve({ organization_id, id }: StoredAlert, { summary, value }: Finding, now: Date): Promise<void> {
    await this.client.query(
      `UPDATE alerts SET state = 'resolved', summary = $3, value = $4, resolved_at = $5, told_at = $5
       WHERE organization_id = $1 AND id = $2`,
      [organization_id, id, summary, value, now],
    );
  }

  /** Removes an alert that has never fired. */
  async remove({ organization_id, id }: StoredAlert): Promise<void> {
    await this.client.query('DELETE FROM alerts WHERE organization_id = $1 AND id = $2', [
      organization_id,
      id,
    ]);
  }

  /**
   * Puts a message into the outbox, once for each channel.
   * @param channels names; null: all of the organization
   */
  async tell(
    organizationId: string,
    channels: readonly string[] | null,
    message: AlertMessage,
    now: Date,
  ): Promise<number> {
    const { rowCount } = await this.client.query(
      `INSERT INTO alert_notifications (organization_id, alert_id, channel, message, created_at, due_at)
       SELECT c.organization_id, $2, c.name, $3, $4, $4 FROM notification_channels c
       WHERE c.organization_id = $1 AND ($5::text[] IS NULL OR c.name = ANY($5))`,
      [organizationId, message.alert_id, JSON.stringify(message), now, channels],
    );
    return rowCount ?? 0;
  }
}
