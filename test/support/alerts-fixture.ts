import type { Pool } from 'pg';
import pg from 'pg';
import { AddressGuard, CHANNEL_KINDS, type Condition, GuardedPost, type Senders } from '#alerts';
import { createPool } from '#database';
import type { JobCounts } from '#jobs';
import { AlertEvaluator } from '../../apps/worker/src/alerts/evaluation/alert-evaluator.js';
import { NotificationSender } from '../../apps/worker/src/alerts/sending/notification-sender.js';
import { NotificationsStore } from '../../apps/worker/src/alerts/sending/notifications.store.js';
import { alerts } from '../../apps/worker/src/jobs/alerts.job.js';
import { JobRunner } from '../../apps/worker/src/schedule/job-runner.js';
import { ManualClock } from './manual-clock.js';
import { batchOf, countable } from './test-batch.js';
import { TestDatabase } from './test-database.js';
import { TestWorker } from './test-worker.js';

export const MINUTE_MS = 60_000;

/** An alert with what was sent about it. */
export interface AlertRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly summary: string;
  readonly value: number | null;
}

/** What was sent through a channel. */
export interface NotificationRow {
  readonly channel: string;
  readonly event: string;
  readonly rule: string;
  readonly status: string;
  readonly attempts: number;
  readonly said: string[];
}

/** Rules, channels and events of organizations, and the clock by which they are evaluated. */
export class AlertsFixture {
  readonly clock: ManualClock;
  private events = 0;

  private constructor(
    readonly database: TestDatabase,
    /** As superuser. */
    readonly owner: pg.Client,
    /** As the workers' role. */
    readonly pool: Pool,
    private readonly worker: TestWorker,
    readonly start: number,
  ) {
    this.clock = new ManualClock(start);
  }

  static async create(): Promise<AlertsFixture> {
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const pool = createPool({ databaseUrl: database.url, role: 'worker', size: 10 });
    const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    return new AlertsFixture(database, owner, pool, new TestWorker(database.url), start);
  }

  async organization(): Promise<string> {
    return (await this.database.createOrganization('Alerted')).id;
  }

  async rule(
    organizationId: string,
    name: string,
    condition: Condition | object,
    { forSeconds = 0, repeatSeconds = null as number | null, channels = null as string[] | null } = {},
  ): Promise<string> {
    const { rows } = await this.owner.query<{ id: string }>(
      `INSERT INTO alert_rules (organization_id, name, condition, for_seconds, repeat_seconds, channels, enabled)
       VALUES ($1, $2, $3, $4, $5, $6, true) RETURNING id`,
      [organizationId, name, condition, forSeconds, repeatSeconds, channels],
    );
    return rows[0]!.id;
  }

  async channel(organizationId: string, name: string, kind: string, target: string, secret = 'secret') {
    await this.owner.query(
      `INSERT INTO notification_channels (organization_id, name, kind, shown, target, secret)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [organizationId, name, kind, CHANNEL_KINDS.get(kind)!.shown(target), target, secret],
    );
  }

  /** Stores page views of the last second before now. */
  async views(organizationId: string, durations: readonly number[], page = '/'): Promise<void> {
    const ts = new Date(this.clock.now() - 1000).toISOString();
    const events = durations.map((duration_ms) => ({
      ...{ id: `view-${this.events++}`, ts, type: 'page_view', payload: { page, duration_ms } },
    }));
    await this.worker.persist([batchOf(organizationId, countable(events, this.clock.now()))]);
  }

  /** A runner of the job, as each worker has one. */
  runner(pool = this.pool): JobRunner {
    const provider = () => new AlertEvaluator(pool, 60);
    return new JobRunner([alerts], pool, provider, this.clock, new AbortController().signal);
  }

  /** Evaluates at the present instant. */
  evaluate(runner = this.runner()): Promise<JobCounts> {
    return runner.run('alerts', { slot: this.clock.now(), payload: undefined });
  }

  /** Goes on by a minute, and evaluates. */
  async minute(): Promise<JobCounts> {
    await this.clock.advance(MINUTE_MS);
    return this.evaluate();
  }

  /** A sender, as each worker has one; by default it may reach this machine. */
  sender(senders: Partial<Senders> = {}): NotificationSender {
    const post = new GuardedPost(new AddressGuard(['127.0.0.1']));
    return new NotificationSender(new NotificationsStore(this.pool), { post, mailer: null, ...senders });
  }

  /** Sends what is due. */
  async send(senders: Partial<Senders> = {}): Promise<void> {
    await this.sender(senders).send({ clock: this.clock, signal: new AbortController().signal });
  }

  async alerts(organizationId: string): Promise<AlertRow[]> {
    const { rows } = await this.owner.query<AlertRow>(
      `SELECT id, name, state, summary, value FROM alerts WHERE organization_id = $1 ORDER BY started_at, id`,
      [organizationId],
    );
    return rows;
  }

  async notifications(organizationId: string): Promise<NotificationRow[]> {
    const { rows } = await this.owner.query<NotificationRow>(
      `SELECT channel, message->>'event' AS event, message->>'rule' AS rule, status, attempts,
              ARRAY(SELECT one->>'said' FROM jsonb_array_elements(log) AS one) AS said
       FROM alert_notifications WHERE organization_id = $1 ORDER BY created_at, channel`,
      [organizationId],
    );
    return rows;
  }

  async end(): Promise<void> {
    await this.worker.end();
    await this.pool.end();
    await this.owner.end();
    await this.database.drop();
  }
}
