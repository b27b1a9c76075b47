import type { ClientBase } from 'pg';

export const ALERT_STATES = ['pending', 'firing', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const NOTIFICATION_STATUSES = ['waiting', 'sent', 'refused', 'given_up'] as const;

/** What was sent, or will be, about an alert through one channel. */
export interface NotificationReport {
  readonly id: string;
  readonly channel: string;
  readonly event: string;
  readonly status: (typeof NOTIFICATION_STATUSES)[number];
  readonly created_at: Date;
  /** Every attempt, the first one first. */
  readonly attempts: readonly { readonly at: string; readonly said: string }[];
}

/** An alert with its latest notifications. */
export interface AlertReport {
  readonly id: string;
  /** Id of the rule, or name of a built-in one. */
  readonly rule_id: string;
  /** Name of the rule. */
  readonly rule: string;
  readonly state: AlertState;
  readonly summary: string;
  readonly value: number | null;
  readonly started_at: Date;
  readonly fired_at: Date | null;
  readonly resolved_at: Date | null;
  readonly silenced_until: Date | null;
  /** The latest 20, the newest first. */
  readonly notifications: readonly NotificationReport[];
}

/** Where a page ended: milliseconds since the epoch, and id. */
export type AlertPosition = readonly [startedAt: number, id: string];

/** Which alerts. */
export interface AlertFilter {
  readonly state?: AlertState | undefined;
  /** Only this one. */
  readonly id?: string;
  readonly before?: AlertPosition | null;
  readonly limit: number;
}

const NOTIFICATIONS = 20;

/**
 * Alerts of an organization, the newest first.
 * @param client in a transaction of the organization
 */
export async function alertReports(
  client: ClientBase,
  organizationId: string,
  { state, id, before, limit }: AlertFilter,
): Promise<AlertReport[]> {
  const { rows } = await client.query<AlertReport>(
    `SELECT a.id, a.rule AS rule_id, a.name AS rule, a.state, a.summary, a.value, a.started_at, a.fired_at, a.resolved_at,
            a.silenced_until, (
       SELECT coalesce(json_agg(s.sent), '[]') FROM (
         SELECT json_build_object('id', n.id, 'channel', n.channel, 'event', n.message->>'event', 'status', n.status,
                                  'created_at', n.created_at, 'attempts', n.log) AS sent
         FROM alert_notifications n WHERE n.organization_id = $1 AND n.alert_id = a.id
         ORDER BY n.created_at DESC, n.channel LIMIT $2) s) AS notifications
     FROM alerts a
     WHERE a.organization_id = $1 AND ($3::text IS NULL OR a.state = $3) AND ($4::uuid IS NULL OR a.id = $4)
       AND ($5::timestamptz IS NULL OR (a.started_at, a.id) < ($5, $6::uuid))
     ORDER BY a.started_at DESC, a.id DESC LIMIT $7`,
    [
      ...[organizationId, NOTIFICATIONS, state ?? null, id ?? null],
      ...[before ? new Date(before[0]) : null, before?.[1] ?? null, limit],
    ],
  );
  return rows.map((row) => ({
    ...row,
    notifications: row.notifications.map((one) => ({ ...one, created_at: new Date(one.created_at) })),
  }));
}
