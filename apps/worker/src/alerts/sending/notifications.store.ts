import type { Pool } from 'pg';
import type { AlertMessage } from '#alerts';

/** A notification that a worker has taken, with the channel that it goes through. */
export interface TakenNotification {
  readonly organization_id: string;
  readonly id: string;
  readonly message: AlertMessage;
  readonly channel: string;
  /** This one included. */
  readonly attempts: number;
  /** Null: there is no such channel any more. */
  readonly kind: string | null;
  readonly target: string | null;
  readonly secret: string | null;
}

/** What became of an attempt. */
export interface Attempt {
  readonly status: 'waiting' | 'sent' | 'refused' | 'given_up';
  readonly said: string;
  readonly at: Date;
  /** When it is tried again, if it is. */
  readonly dueAt: Date;
}

/** How many notifications are taken at once. */
export interface Share {
  readonly all: number;
  /** Of one organization, so that its slow receivers hold up no other. */
  readonly each: number;
}

/** SQL of the outbox. */
export class NotificationsStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Takes notifications that are due. Until the lease ends no other worker takes them. One channel gets what is told of an
   * alert in order.
   */
  async take(now: Date, leaseUntil: Date, { all, each }: Share): Promise<TakenNotification[]> {
    const { rows } = await this.pool.query<TakenNotification>(
      `WITH due AS (
         SELECT w.organization_id, w.id, row_number() OVER (PARTITION BY w.organization_id ORDER BY w.due_at, w.id) AS place
         FROM alert_notifications w
         WHERE w.status = 'waiting' AND w.due_at <= $1 AND NOT EXISTS (
           SELECT FROM alert_notifications b
           WHERE b.organization_id = w.organization_id AND b.alert_id = w.alert_id AND b.channel = w.channel
             AND b.status = 'waiting' AND b.created_at < w.created_at)
       ), chosen AS (
         SELECT n.organization_id, n.id FROM alert_notifications n, due d
         WHERE n.organization_id = d.organization_id AND n.id = d.id AND d.place <= $4
           AND n.status = 'waiting' AND n.due_at <= $1
         ORDER BY n.due_at LIMIT $3 FOR UPDATE OF n SKIP LOCKED
       ), taken AS (
         UPDATE alert_notifications n SET attempts = n.attempts + 1, due_at = $2 FROM chosen c
         WHERE n.organization_id = c.organization_id AND n.id = c.id
         RETURNING n.organization_id, n.id, n.message, n.channel, n.attempts
       )
       SELECT t.organization_id, t.id, t.message, t.channel, t.attempts, c.kind, c.target, c.secret
       FROM taken t LEFT JOIN notification_channels c ON c.organization_id = t.organization_id AND c.name = t.channel`,
      [now, leaseUntil, all, each],
    );
    return rows;
  }

  /** Notes an attempt, unless the lease ended meanwhile and another worker has the notification. */
  async note(
    { organization_id, id, attempts }: TakenNotification,
    { status, said, at, dueAt }: Attempt,
  ): Promise<void> {
    await this.pool.query(
      `UPDATE alert_notifications SET status = $4, due_at = $5, log = log || $6::jsonb
       WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND status = 'waiting'`,
      [organization_id, id, attempts, status, dueAt, JSON.stringify([{ at, said }])],
    );
  }
}
