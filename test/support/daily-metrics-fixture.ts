import pg from 'pg';
import { loadEnvironment } from '#config';
import { retryTransient } from '#database';
import type { JobCounts } from '#jobs';
import { dailyMetrics } from '../../apps/worker/src/jobs/daily-metrics.job.js';
import { ManualClock } from './manual-clock.js';
import type { PostedEvent } from './random-events.js';
import { batchOf, countable } from './test-batch.js';
import { TestDatabase } from './test-database.js';
import { TestWorker } from './test-worker.js';

/** An organization with days of its own. */
export interface ZonedOrganization {
  readonly id: string;
  readonly timeZone: string;
}

/** A database whose days are computed. */
export class DailyMetricsFixture {
  private constructor(
    private readonly database: TestDatabase,
    /** Sees the rows of all organizations. */
    readonly owner: pg.Client,
    readonly worker: TestWorker,
  ) {}

  /** @param days `YYYY-MM-DD`: the first and the one after the last day in UTC that may have events */
  static async create(...days: readonly [string, string]): Promise<DailyMetricsFixture> {
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query('SELECT ensure_event_partitions($1::date, $2::date)', [...days]);
    return new DailyMetricsFixture(database, owner, new TestWorker(database.url));
  }

  async organization(timeZone: string): Promise<ZonedOrganization> {
    const { id } = await this.database.createOrganization(timeZone);
    if (timeZone !== 'UTC') await this.setTimeZone(id, timeZone);
    return { id, timeZone };
  }

  async setTimeZone(organizationId: string, timeZone: string): Promise<void> {
    await this.owner.query('UPDATE organizations SET settings = $2 WHERE id = $1', [
      ...[organizationId, { time_zone: timeZone }],
    ]);
  }

  /** @param now when they arrive, in milliseconds since the epoch */
  async store(organizationId: string, events: readonly PostedEvent[], now: number): Promise<void> {
    await this.worker.persist([batchOf(organizationId, countable(events, now))]);
  }

  /** Runs the job, and again after transient errors, as the runner of jobs does. */
  run(now: number): Promise<JobCounts> {
    const context = {
      ...{ clock: new ManualClock(now), logger: { log() {}, warn() {} }, slot: now, payload: undefined },
      ...{ signal: new AbortController().signal, progress: async () => {} },
      transaction: () => Promise.reject(new Error('the job has transactions of its own')),
    };
    const environment = loadEnvironment({ DATABASE_URL: this.database.url });
    return retryTransient(
      () => dailyMetrics.run(context, this.worker.pool, environment),
      context.signal,
      () => {},
    );
  }

  /** When each day of an organization was computed, by date. */
  async computedAt(organizationId: string): Promise<Record<string, number>> {
    const { rows } = await this.owner.query<{ day: string; at: Date }>(
      `SELECT day::text AS day, max(computed_at) AS at FROM daily_metrics WHERE organization_id = $1 GROUP BY 1 ORDER BY 1`,
      [organizationId],
    );
    return Object.fromEntries(rows.map(({ day, at }) => [day, at.getTime()]));
  }

  async drop(): Promise<void> {
    await this.worker.end();
    await this.owner.end();
    await this.database.drop();
  }
}

/** The last day of a zone that has ended, `YYYY-MM-DD`. */
export function lastDay(now: number, timeZone: string): string {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
  return new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
}
